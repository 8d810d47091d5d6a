"""Reads of debits, and of what they may fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.billing.debits.models import Debit
from services.billing.debits.rules import PARTS_MAX
from services.billing.items.models import PLACE, Item


def get_debit(session: Session, *, debit_id: str) -> Debit:
    """One debit with what it fetches."""
    return fetch(session, Debit, debit_id)


def list_debits(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    status: str | None,
) -> dict[str, Any]:
    """A page of debits, newest first."""
    statement = select(Debit)
    if account_id is not None:
        statement = statement.where(Debit.account_id == account_id)
    if status is not None:
        statement = statement.where(Debit.status == status)
    return read_page(
        session, statement, by=[Debit.debit_id], limit=limit, after=after, is_descending=True
    )


def find_due_items(
    session: Session, *, account_id: str, currency: str, due_by: date
) -> Sequence[Item]:
    """Open items of an account that are due by a day, oldest due first, as many as a debit has parts."""
    return session.scalars(
        select(Item)
        .where(
            Item.account_id == account_id,
            Item.currency == currency,
            Item.balance > 0,
            Item.due_date <= due_by,
        )
        .order_by(*(getattr(Item, name) for name in PLACE))
        .limit(PARTS_MAX)
        .execution_options(populate_existing=True)
    ).all()
