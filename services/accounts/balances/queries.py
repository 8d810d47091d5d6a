"""What is kept of balances."""

from __future__ import annotations

from sqlalchemy import select

from services.accounts.balances.models import AccountBalance

COPY = select(AccountBalance)
"""What we keep of billing's balances."""
