"""Billed: how much of each order line live invoices bill, is paid for, credited and came back."""
