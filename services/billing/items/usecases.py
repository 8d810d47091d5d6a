"""Open items and account balances: open, change, keep the sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from chassis.outbox import announce
from services.billing import events
from services.billing.arrays import rows
from services.billing.items.models import AccountBalance, Item
from services.billing.items.rules import BalanceChange, ItemChange

AccountCurrency = tuple[str, str]
_SET_BASED = {"synchronize_session": False, "populate_existing": True}


def lock_balances(session: Session, *, keys: Collection[AccountCurrency]) -> None:
    """Lock the balances of accounts and currencies until the transaction ends; they begin at zero.

    Always the first lock, in the order of the keys, so that no two transactions wait for each other
    and what is read afterwards of an account's items and money stays so."""
    wanted = rows("wanted", sorted(keys), account_id=str, currency=str)
    zero = literal(0)
    begin = postgresql.insert(AccountBalance).from_select(
        ["account_id", "currency", "version", "open", "unapplied"],
        select(wanted.c.account_id, wanted.c.currency, zero, zero, zero).order_by(
            wanted.c.account_id, wanted.c.currency
        ),
    )
    session.execute(
        begin.on_conflict_do_update(
            index_elements=[AccountBalance.account_id, AccountBalance.currency],
            set_={"version": AccountBalance.version},
        )
    )


def change_balances(session: Session, *, changes: Mapping[AccountCurrency, BalanceChange]) -> None:
    """Change locked balances and announce each, once per transaction."""
    change = rows(
        "change",
        [(*key, each.open, each.unapplied) for key, each in changes.items()],
        **{"account_id": str, "currency": str, "open": int, "unapplied": int},
    )
    changed = session.scalars(
        update(AccountBalance)
        .where(
            AccountBalance.account_id == change.c.account_id,
            AccountBalance.currency == change.c.currency,
        )
        .values(
            version=AccountBalance.version + 1,
            open=AccountBalance.open + change.c.open,
            unapplied=AccountBalance.unapplied + change.c.unapplied,
        )
        .returning(AccountBalance),
        execution_options=_SET_BASED,
    )
    for balance in changed:
        announce(
            session,
            events.BalanceChanged,
            account_id=balance.account_id,
            currency=balance.currency,
            version=balance.version,
            open=balance.open,
            unapplied=balance.unapplied,
            balance=balance.balance,
        )


def open_items(session: Session, *, items: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Add the items of issued invoices, wholly unpaid."""
    session.execute(
        insert(Item),
        [
            {
                **item,
                "version": 1,
                "balance": item["amount"],
                "is_void": False,
                "open_from": item["issued_on"],
                "changed_on": item["issued_on"],
                "recorded_at": now,
                "changed_at": now,
            }
            for item in items
        ],
    )


def change_items(
    session: Session, *, changes: Iterable[ItemChange], now: datetime
) -> dict[str, Item]:
    """Add each change's amount to its item's balance; the changed items by id."""
    change = rows(
        "change",
        [
            (each.item_id, each.amount, each.effective_on, each.open_from)
            for each in _merged(changes)
        ],
        **{"item_id": str, "amount": int, "effective_on": date, "open_from": date},
    )
    changed = session.scalars(
        update(Item)
        .where(Item.item_id == change.c.item_id)
        .values(
            version=Item.version + 1,
            balance=Item.balance + change.c.amount,
            open_from=func.greatest(Item.open_from, change.c.open_from),
            changed_on=func.greatest(Item.changed_on, change.c.effective_on),
            changed_at=now,
        )
        .returning(Item),
        execution_options=_SET_BASED,
    )
    return {item.item_id: item for item in changed}


def void_items(
    session: Session, *, invoice_id: str, voided_on: date, now: datetime
) -> Sequence[Item]:
    """Make the items of an invoice void: nothing is owed on them any more."""
    return session.scalars(
        update(Item)
        .where(Item.invoice_id == invoice_id)
        .values(
            version=Item.version + 1,
            balance=0,
            is_void=True,
            changed_on=voided_on,
            changed_at=now,
        )
        .returning(Item),
        execution_options=_SET_BASED,
    ).all()


def _merged(changes: Iterable[ItemChange]) -> Iterable[ItemChange]:
    """One change an item: a row can be updated only once in a statement."""
    merged: dict[str, ItemChange] = {}
    for change in changes:
        before = merged.get(change.item_id)
        merged[change.item_id] = change if before is None else before + change
    return merged.values()
