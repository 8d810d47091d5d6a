"""Issued invoices cancelled."""
