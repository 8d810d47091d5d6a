"""Order billing: what of an order was shipped, came back, was billed and is to be billed."""
