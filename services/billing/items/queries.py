"""Reads of open items and balances."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.billing.accounts.queries import get_account
from services.billing.items.models import PLACE, AccountBalance, Item
from services.billing.items.rules import AccountCurrency, ItemStatus

EVERY = select(Item)
EVERY_BALANCE = select(AccountBalance)
"""What listeners are told of."""

_HAS_STATUS: dict[str, ColumnElement[bool]] = {
    ItemStatus.OPEN: Item.balance > 0,
    ItemStatus.PAID: and_(
        Item.balance == 0, Item.is_void.is_(False), Item.written_off == 0, Item.amount > 0
    ),
    ItemStatus.VOID: Item.is_void.is_(True),
    ItemStatus.WRITTEN_OFF: and_(Item.balance == 0, Item.written_off > 0),
    ItemStatus.REPLACED: and_(Item.amount == 0, Item.is_void.is_(False)),
}
_PLACE = [getattr(Item, name) for name in PLACE]
_IN_ORDER, _AFTER = ", ".join(PLACE), ", ".join(f"last.{name}" for name in PLACE)


_ASKABLE = "{of}balance - {of}disputed_total - {of}in_flight_total"
_OF_LAST = f"""
    CASE WHEN last.discount_until IS NULL THEN {_ASKABLE.format(of="last.")}
    ELSE CAST(floor(
        ({_ASKABLE.format(of="last.")} - 1) * (100 - last.discount_percent) / 100
    ) AS bigint) END
"""
# Walks the index of open items, from each to the next one due, until what may be asked for of them, less
# what is less for paying early, comes to what is wanted.
_OLDEST_ITEMS = select(Item).from_statement(
    text(f"""
    WITH RECURSIVE open_item AS (
        SELECT first.*, CAST(0 AS bigint) AS before, wanted.amount AS wanted
        FROM unnest(
            CAST(:account_ids AS text[]), CAST(:currencies AS text[]), CAST(:amounts AS bigint[])
        ) AS wanted (account_id, currency, amount)
        CROSS JOIN LATERAL (
            SELECT * FROM item
            WHERE account_id = wanted.account_id AND currency = wanted.currency AND balance > 0
            ORDER BY {_IN_ORDER} LIMIT 1
        ) AS first
        UNION ALL
        SELECT next.*, last.before + greatest({_OF_LAST}, 0), last.wanted
        FROM open_item AS last
        CROSS JOIN LATERAL (
            SELECT * FROM item
            WHERE account_id = last.account_id AND currency = last.currency AND balance > 0
                AND ({_IN_ORDER}) > ({_AFTER})
            ORDER BY {_IN_ORDER} LIMIT 1
        ) AS next
        WHERE last.before + greatest({_OF_LAST}, 0) < last.wanted
    )
    SELECT * FROM open_item WHERE {_ASKABLE.format(of="")} > 0
    ORDER BY account_id, currency, {_IN_ORDER}
    """)  # noqa: S608
)
_ASKABLE_ITEMS = select(Item).from_statement(
    text(f"""
    SELECT item.*
    FROM unnest(CAST(:account_ids AS text[]), CAST(:currencies AS text[]))
        AS wanted (account_id, currency)
    JOIN item USING (account_id, currency)
    WHERE {_ASKABLE.format(of="")} > 0 AND balance > 0
    ORDER BY account_id, currency, {_IN_ORDER}
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


def find_oldest_items(session: Session, *, wanted: Mapping[AccountCurrency, int]) -> Sequence[Item]:
    """Of each account and currency as many open items, oldest due first, as the amount wanted reaches to
    pay, without what is disputed or on its way."""
    if not wanted:
        return ()
    amounts = {"amounts": list(wanted.values())}
    return _find(session, _OLDEST_ITEMS, wanted, **amounts)


def find_askable_items(session: Session, *, keys: Collection[AccountCurrency]) -> Sequence[Item]:
    """All items of which something may be asked for, of each account and currency due first first."""
    return _find(session, _ASKABLE_ITEMS, keys) if keys else ()


def _find(
    session: Session, statement: Any, keys: Collection[AccountCurrency], **values: Any
) -> Sequence[Item]:
    return session.scalars(
        statement,
        {
            "account_ids": [account_id for account_id, _ in keys],
            "currencies": [currency for _, currency in keys],
            **values,
        },
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
