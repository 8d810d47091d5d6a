"""Reads of items."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.accounts.items import rules
from services.accounts.items.models import AccountItem

COPY = select(AccountItem)
"""What we keep of billing's items."""


def read_ageing(session: Session, *, account_id: str, on: date) -> dict[str, dict[str, Any]]:
    """How old what an account owes is, by currency. Of items of one day it reads one row, so that it
    costs as much as there are days."""
    item = AccountItem
    days = session.execute(
        select(item.currency, item.due_date, func.sum(item.balance).label("balance"))
        .where(item.account_id == account_id, item.status == "open")
        .group_by(item.currency, item.due_date)
    )
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in days:
        found[row.currency].append((row.due_date, int(row.balance)))
    return {currency: rules.age(rows, on=on) for currency, rows in found.items()}
