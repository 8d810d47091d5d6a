"""The ledger: double entry, only ever added to."""
