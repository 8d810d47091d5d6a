"""The money of orders: what of each line is billed, to be billed, paid for, and may go."""
