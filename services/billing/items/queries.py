"""Reads of open items and balances."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.billing.accounts.queries import get_account
from services.billing.items.models import PLACE, AccountBalance, Item
from services.billing.items.rules import ItemStatus

EVERY = select(Item)
EVERY_BALANCE = select(AccountBalance)
"""What listeners are told of."""

_HAS_STATUS: dict[str, ColumnElement[bool]] = {
    ItemStatus.OPEN: Item.balance > 0,
    ItemStatus.PAID: and_(Item.balance == 0, Item.is_void.is_(False)),
    ItemStatus.VOID: Item.is_void.is_(True),
}
_PLACE = [getattr(Item, name) for name in PLACE]
_OLDEST_OPEN_ITEMS = select(Item).from_statement(
    text(f"""
    SELECT * FROM (
        SELECT item.*, sum(balance) OVER (ORDER BY {", ".join(PLACE)}) - balance AS owed_earlier
        FROM item WHERE account_id = :account_id AND currency = :currency AND balance > 0
    ) AS open_item
    WHERE owed_earlier < :amount ORDER BY {", ".join(PLACE)}
    """)  # noqa: S608
)


def get_item(session: Session, *, item_id: str) -> Item:
    """One item."""
    return fetch_only(session, Item, item_id)


def list_items(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None = None,
    invoice_id: str | None = None,
    currency: str | None = None,
    status: str | None = None,
    due_before: date | None = None,
) -> dict[str, Any]:
    """A page of items, those due first first."""
    statement = select(Item)
    if account_id is not None:
        statement = statement.where(Item.account_id == account_id)
    if invoice_id is not None:
        statement = statement.where(Item.invoice_id == invoice_id)
    if currency is not None:
        statement = statement.where(Item.currency == currency)
    if status is not None:
        statement = statement.where(_HAS_STATUS[status])
    if due_before is not None:
        statement = statement.where(Item.due_date < due_before)
    return read_page(session, statement, by=_PLACE, limit=limit, after=after)


def get_balance(session: Session, *, account_id: str, today: date) -> dict[str, Any]:
    """What an account owes, by currency; overdue is what is due before `today`."""
    get_account(session, account_id=account_id)
    overdue = (
        select(Item.currency, func.sum(Item.balance).label("overdue"))
        .where(Item.account_id == account_id, Item.balance > 0, Item.due_date < today)
        .group_by(Item.currency)
        .subquery()
    )
    found = session.execute(
        select(AccountBalance, func.coalesce(overdue.c.overdue, 0))
        .outerjoin(overdue, overdue.c.currency == AccountBalance.currency)
        .where(AccountBalance.account_id == account_id)
        .order_by(AccountBalance.currency)
    )
    balances = [
        {
            "currency": balance.currency,
            "open": balance.open,
            "overdue": int(overdue_amount),
            "unapplied": balance.unapplied,
            "balance": balance.balance,
            "version": balance.version,
        }
        for balance, overdue_amount in found
    ]
    return {"account_id": account_id, "balances": balances}


def find_oldest_open_items(
    session: Session, *, account_id: str, currency: str, amount: int
) -> Sequence[Item]:
    """As many of an account's open items, oldest due first, as `amount` reaches to pay."""
    return session.scalars(
        _OLDEST_OPEN_ITEMS,
        {"account_id": account_id, "currency": currency, "amount": amount},
        execution_options={"populate_existing": True},
    ).all()


def find_items(
    session: Session, *, item_ids: Collection[str], invoice_ids: Collection[str] = ()
) -> Sequence[Item]:
    """The items with these ids, and those of these invoices, oldest due first."""
    return session.scalars(
        select(Item)
        .where(or_(Item.item_id.in_(item_ids), Item.invoice_id.in_(invoice_ids)))
        .order_by(*_PLACE)
        .execution_options(populate_existing=True)
    ).all()
