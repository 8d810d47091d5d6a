"""Statement labels: the words on statements of account and receipts."""
