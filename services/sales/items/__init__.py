"""Items: what is open of each account's invoices, copied from billing."""
