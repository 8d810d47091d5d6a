"""Invoices and payments, played day by day."""
