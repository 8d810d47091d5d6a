"""What a document did to the ledger."""
