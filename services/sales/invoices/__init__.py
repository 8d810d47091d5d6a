"""What billing has invoiced of orders, so that nothing counts twice against the credit limit."""
