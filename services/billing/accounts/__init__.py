"""The accounts billed, as copied from the accounts service."""
