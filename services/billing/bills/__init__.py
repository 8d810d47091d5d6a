"""Bills: what a billing run bills each account in each currency, foreseen first and then issued."""
