"""Sub-ledger, ledger, invoices and balances compared."""
