"""Reads of items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.sales.items.models import OpenItem

COPY = select(OpenItem)
"""What we keep of billing's items."""


def sum_due_before(
    session: Session, days: Mapping[tuple[str, str], date]
) -> dict[tuple[str, str], int]:
    """What is to be asked for of items that were due before a day, which is given by account and
    currency, in minor units: not what is contested, nor what is on its way."""
    if not days:
        return {}
    asked = func.sum(OpenItem.balance - OpenItem.disputed - OpenItem.in_flight)
    rows = session.execute(
        select(OpenItem.account_id, OpenItem.currency, OpenItem.due_date, asked.label("asked"))
        .where(
            OpenItem.account_id.in_({account_id for account_id, _ in days}),
            OpenItem.balance > 0,
            OpenItem.due_date < max(days.values()),
        )
        .group_by(OpenItem.account_id, OpenItem.currency, OpenItem.due_date)
    )
    owed = dict.fromkeys(days, 0)
    for row in rows:
        key = row.account_id, row.currency
        if key in owed and row.due_date < days[key]:
            owed[key] += int(row.asked)
    return owed
