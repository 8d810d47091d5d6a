"""Reads of items."""

from __future__ import annotations

from sqlalchemy import select

from services.accounts.items.models import AccountItem

COPY = select(AccountItem)
"""What we keep of billing's items."""
