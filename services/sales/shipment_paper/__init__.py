"""Pick lists and delivery notes on paper: what one says, where everything stands, and the PDF of it."""
