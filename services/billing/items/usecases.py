"""Open items and account balances: open, change, keep the sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_rows
from chassis.outbox import announce
from services.billing import events
from services.billing.items.models import AccountBalance, Item
from services.billing.items.rules import (
    AccountCurrency,
    BalanceChange,
    Held,
    ItemChange,
    require_room,
)

_LOCK_BALANCES = text(
    """
    INSERT INTO account_balance (account_id, currency, version, open, unapplied)
    SELECT account_id, currency, 0, 0, 0
    FROM unnest(CAST(:account_ids AS text[]), CAST(:currencies AS text[]))
        AS wanted (account_id, currency)
    ORDER BY account_id, currency
    ON CONFLICT (account_id, currency) DO UPDATE SET version = account_balance.version
    RETURNING account_id, currency, open, unapplied
    """
)
_CHANGE_BALANCES = select(AccountBalance).from_statement(
    text("""
    UPDATE account_balance AS balance
    SET version = balance.version + 1,
        open = balance.open + change.open,
        unapplied = balance.unapplied + change.unapplied
    FROM unnest(
        CAST(:account_ids AS text[]), CAST(:currencies AS text[]),
        CAST(:open AS bigint[]), CAST(:unapplied AS bigint[])
    ) AS change (account_id, currency, open, unapplied)
    WHERE balance.account_id = change.account_id AND balance.currency = change.currency
    RETURNING balance.*
    """)
)
_CHANGE_ITEMS = select(Item).from_statement(
    text("""
    UPDATE item
    SET version = item.version + 1,
        balance = item.balance + change.amount,
        written_off = item.written_off + change.written_off,
        open_from = greatest(item.open_from, change.open_from),
        changed_on = greatest(item.changed_on, change.effective_on),
        changed_at = :now
    FROM unnest(
        CAST(:item_ids AS text[]), CAST(:amounts AS bigint[]),
        CAST(:effective_on AS date[]), CAST(:open_from AS date[]), CAST(:written_off AS bigint[])
    ) AS change (item_id, amount, effective_on, open_from, written_off)
    WHERE item.item_id = change.item_id
    RETURNING item.*
    """)
)
_CHANGE_FLIGHTS = select(Item).from_statement(
    text("""
    UPDATE item
    SET version = item.version + 1,
        in_flight_total = item.in_flight_total + change.amount,
        changed_at = :now
    FROM unnest(CAST(:item_ids AS text[]), CAST(:amounts AS bigint[])) AS change (item_id, amount)
    WHERE item.item_id = change.item_id
    RETURNING item.*
    """)
)
_RESCHEDULE_ITEMS = select(Item).from_statement(
    text("""
    UPDATE item
    SET version = item.version + 1,
        amount = item.amount - item.balance + change.balance,
        balance = change.balance,
        due_date = change.due_date,
        open_from = CASE WHEN change.balance > item.balance THEN greatest(item.open_from, :day)
            ELSE item.open_from END,
        changed_on = greatest(item.changed_on, :day),
        changed_at = :now
    FROM unnest(
        CAST(:item_ids AS text[]), CAST(:balances AS bigint[]), CAST(:due_dates AS date[])
    ) AS change (item_id, balance, due_date)
    WHERE item.item_id = change.item_id
    RETURNING item.*
    """)
)
_CONTEST_ITEMS = select(Item).from_statement(
    text("""
    UPDATE item
    SET version = item.version + 1, disputed_total = told.disputed_total
    FROM unnest(CAST(:item_ids AS text[]), CAST(:totals AS bigint[]))
        AS told (item_id, disputed_total)
    WHERE item.item_id = told.item_id AND item.disputed_total <> told.disputed_total
    RETURNING item.*
    """)
)
_CHANGED = {"populate_existing": True}


def lock_balances(
    session: Session, *, keys: Collection[AccountCurrency]
) -> dict[AccountCurrency, Held]:
    """Lock the balances of accounts and currencies until the transaction ends; they begin at zero. What
    each comes to.

    Always the first lock, in the order of the keys, so that no two transactions wait for each other
    and what is read afterwards of an account's items and money stays so."""
    locked = session.execute(_LOCK_BALANCES, columns(keys, "account_ids", "currencies"))
    return {(row.account_id, row.currency): Held(row.open, row.unapplied) for row in locked}


def change_balances(
    session: Session, *, changes: Mapping[AccountCurrency, BalanceChange]
) -> dict[AccountCurrency, dict[str, int]]:
    """Change locked balances and announce each, once per transaction; what they are now. Conflict where
    a balance has no room for it."""
    rows = [(*key, change.open, change.unapplied) for key, change in changes.items()]
    changed = session.scalars(
        _CHANGE_BALANCES,
        columns(rows, "account_ids", "currencies", "open", "unapplied"),
        execution_options=_CHANGED,
    )
    balances = {(balance.account_id, balance.currency): balance for balance in changed}
    snapshots: dict[AccountCurrency, dict[str, int]] = {}
    for key in changes:
        balance = balances[key]
        for total in (balance.open, balance.unapplied):
            require_room(total, currency=balance.currency, field=changes[key].field)
        snapshots[key] = {
            "version": balance.version,
            "open": balance.open,
            "unapplied": balance.unapplied,
            "balance": balance.balance,
        }
        announce(
            session,
            events.BalanceChanged,
            account_id=balance.account_id,
            currency=balance.currency,
            **snapshots[key],
        )
    return snapshots


def open_items(session: Session, *, items: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Add items of issued invoices, wholly unpaid; open from their invoice's day on, unless they say from
    when."""
    insert_rows(
        session,
        Item,
        [
            {
                "open_from": item["issued_on"],
                "changed_on": item["issued_on"],
                **item,
                "version": 1,
                "balance": item["amount"],
                "is_void": False,
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
    names = ("item_ids", "amounts", "effective_on", "open_from", "written_off")
    rows = [
        (each.item_id, each.amount, each.effective_on, each.open_from, each.written_off)
        for each in _merged(changes)
    ]
    changed = session.scalars(
        _CHANGE_ITEMS,
        {"now": now, **columns(rows, *names)},
        execution_options=_CHANGED,
    )
    return {item.item_id: item for item in changed}


def change_flights(session: Session, *, amounts: Mapping[str, int], now: datetime) -> None:
    """So much more of items is on its way, or less; of each it is announced."""
    changed = session.scalars(
        _CHANGE_FLIGHTS,
        {"now": now, **columns(amounts.items(), "item_ids", "amounts")},
        execution_options=_CHANGED,
    )
    for item in changed:
        announce(session, events.ItemChanged, account_id=item.account_id, item=item)


def reschedule_items(
    session: Session, *, changes: Sequence[tuple[str, int, date]], changed_on: date, now: datetime
) -> dict[str, Item]:
    """Have items owe another balance on another day, by id; what is settled of them stays. One that owes
    more is paid from the day of the change on: no past day has more paid than was demanded then."""
    rows = columns(changes, "item_ids", "balances", "due_dates")
    changed = session.scalars(
        _RESCHEDULE_ITEMS, {"day": changed_on, "now": now, **rows}, execution_options=_CHANGED
    )
    return {item.item_id: item for item in changed}


def contest_items(session: Session, *, totals: Mapping[str, int]) -> None:
    """Keep what is contested of each item, by its id, and announce those of which that is news."""
    changed = session.scalars(
        _CONTEST_ITEMS,
        columns(totals.items(), "item_ids", "totals"),
        execution_options=_CHANGED,
    )
    for item in sorted(changed, key=lambda item: item.item_id):
        announce(session, events.ItemChanged, account_id=item.account_id, item=item)


def void_items(
    session: Session, *, invoice_id: str, voided_on: date, now: datetime
) -> Sequence[Item]:
    """Make the items of an invoice void: nothing is owed on them any more."""
    voided = session.scalars(
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
        execution_options={"synchronize_session": False, **_CHANGED},
    )
    return sorted(voided, key=lambda item: item.position)


def _merged(changes: Iterable[ItemChange]) -> Iterable[ItemChange]:
    """One change an item: a row can be updated only once in a statement."""
    merged: dict[str, ItemChange] = {}
    for change in changes:
        before = merged.get(change.item_id)
        merged[change.item_id] = change if before is None else before + change
    return merged.values()
