"""Accounts that a daily job could not decide about, and why."""
