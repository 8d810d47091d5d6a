"""Reads of orders."""

from __future__ import annotations

from sqlalchemy import select

from services.accounts.orders.models import AccountOrder

COPY = select(AccountOrder)
"""What we keep of sales' orders."""
