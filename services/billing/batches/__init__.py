"""Many invoices issued at once, each by itself."""
