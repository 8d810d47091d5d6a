"""Set payments and credit notes against items, and take that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_rows
from chassis.outbox import announce
from kernel.ids import new_ids
from services.billing import events
from services.billing.allocations.models import Allocatable, Allocation, Source
from services.billing.allocations.rules import (
    AllocationSource,
    Share,
    allocation_journal,
    total,
)
from services.billing.invoices.usecases import Settled, announce_settled, settle_invoices
from services.billing.items.models import Item
from services.billing.items.rules import ItemChange
from services.billing.items.usecases import change_items
from services.billing.ledger.rules import Journal


class Spending(NamedTuple):
    """Shares of one fund that are to be recorded, and by whom."""

    fund: Source
    shares: Sequence[Share]
    by: str


class Spent(NamedTuple):
    """Allocations of one fund that are stored and not announced yet, and what invoices they settled."""

    rows: Sequence[Mapping[str, Any]]
    items: Mapping[str, Item]
    settled: Sequence[Settled]


def record_shares(
    session: Session, *, fund: Source, shares: Sequence[Share], now: datetime, by: str
) -> list[Journal]:
    """Record shares of `fund` as allocations. What is unapplied of it and the account's balance are
    the caller's to change; so are the returned journals to post."""
    [spent] = spend(session, spendings=[Spending(fund, shares, by)], now=now)
    announce_spent(session, spent)
    return journals_of(fund, spent.rows)


def spend(session: Session, *, spendings: Sequence[Spending], now: datetime) -> list[Spent]:
    """Store the shares of many funds, in a number of statements that does not grow with them; of an
    invoice that several settle, the last does. They are the caller's to announce, and to post."""
    ids = iter(new_ids("alc", sum(len(each.shares) for each in spendings)))
    rows = [
        [_new_share(each, share, next(ids), now) for share in each.shares] for each in spendings
    ]
    stored = [row for each in rows for row in each]
    items = _store(session, stored, now)
    settled = _settle(session, stored, items)
    spent = []
    for each in reversed(rows):
        invoice_ids = dict.fromkeys(items[row["item_id"]].invoice_id for row in each)
        done = [settled.pop(one) for one in invoice_ids if one in settled]
        spent.append(Spent(each, items, done))
    return spent[::-1]


def take_unapplied(session: Session, *, spendings: Sequence[Spending]) -> None:
    """Of each fund less is unapplied by its shares, in one statement for each kind of fund."""
    models: set[Any] = {type(each.fund) for each in spendings}
    for model in models:
        [key] = model.__mapper__.primary_key
        rows = [
            (getattr(fund, key.name), total(shares))
            for fund, shares, _ in spendings
            if isinstance(fund, model)
        ]
        statement = text(_TAKE_UNAPPLIED.format(table=model.__tablename__, key=key.name))
        session.scalars(
            select(model).from_statement(statement),
            columns(rows, "ids", "amounts"),
            execution_options={"populate_existing": True},
        ).all()


def announce_spent(session: Session, spent: Spent) -> None:
    """Announce allocations, and then the invoices that they settled."""
    for row in spent.rows:
        announce(
            session,
            events.AllocationMade,
            **{name: row[name] for name in _ANNOUNCED},
            item=spent.items[row["item_id"]],
        )
    for each in spent.settled:
        announce_settled(session, each)


def journals_of(fund: Source, rows: Sequence[Mapping[str, Any]]) -> list[Journal]:
    """What allocations of `fund` post."""
    return [
        allocation_journal(
            allocation_id=row["allocation_id"],
            account_id=row["account_id"],
            currency=row["currency"],
            effective_on=row["effective_on"],
            amount=row["amount"],
            posted=fund.post(row["amount"]),
        )
        for row in rows
    ]


def reverse_allocations(
    session: Session,
    *,
    fund: Allocatable,
    allocations: Sequence[Allocation],
    reversed_on: date,
    reversal_id: str | None = None,
    now: datetime,
    by: str,
) -> list[Journal]:
    """Take allocations of `fund` back, from `reversed_on` or, where that is later, the day they took
    effect; their amounts are unapplied again. `reversal_id` names the reversal of a payment that this is
    a part of. The account's balance is the caller's to change; so are the returned journals to post."""
    journals = take_off(
        session,
        source=fund,
        allocations=allocations,
        reversed_on=reversed_on,
        reversal_id=reversal_id,
        now=now,
        by=by,
    )
    fund.unapplied += sum(allocation.amount for allocation in allocations)
    days = [max(reversed_on, allocation.effective_on) for allocation in allocations]
    fund.free_from = max([fund.free_from, *days])
    return journals


def take_off(
    session: Session,
    *,
    source: Source,
    allocations: Sequence[Allocation],
    reversed_on: date,
    reversal_id: str | None = None,
    now: datetime,
    by: str,
) -> list[Journal]:
    """Take allocations of money, credit or an adjustment off their items, from `reversed_on` or, where
    that is later, the day they took effect. What becomes of the amounts is the caller's affair."""
    rows = [
        {
            **_new_row(source, row_id, now, by),
            "item_id": allocation.item_id,
            "reverses_id": allocation.allocation_id,
            "with_id": allocation.with_id,
            "reversal_id": reversal_id,
            "amount": -allocation.amount,
            "source": allocation.source,
            "effective_on": max(reversed_on, allocation.effective_on),
        }
        for row_id, allocation in zip(new_ids("alc", len(allocations)), allocations, strict=True)
    ]
    items = _store(session, rows, now)
    for allocation, row in zip(allocations, rows, strict=True):
        announce(
            session,
            events.AllocationReversed,
            **{name: getattr(allocation, name) for name in _ANNOUNCED},
            reversed_on=row["effective_on"],
            item=items[allocation.item_id],
        )
    for settled in _settle(session, rows, items).values():
        announce_settled(session, settled)
    return journals_of(source, rows)


def keep(fund: Allocatable) -> None:
    """What is unapplied of `fund` stays so until it is allocated by hand."""
    fund.is_kept = True


def release(fund: Allocatable) -> None:
    """What is unapplied of `fund` is set against items by itself."""
    fund.is_kept = False


def use(fund: Allocatable, *, amount: int) -> None:
    """What was unapplied of `fund` is set against items."""
    fund.unapplied -= amount


def give_back(fund: Allocatable, *, amount: int) -> None:
    """What was unapplied of `fund` is refunded."""
    fund.unapplied -= amount
    fund.refunded += amount


def take_in(fund: Allocatable, *, amount: int, applied: int, taken_on: date) -> None:
    """What was refunded of `fund` is there again, from a day on; so much of it is set against items at
    once, the rest is unapplied."""
    fund.refunded -= amount
    fund.unapplied += amount - applied
    fund.free_from = max(fund.free_from, taken_on)


_TAKE_UNAPPLIED = """
    UPDATE {table} AS fund
    SET unapplied = fund.unapplied - taken.amount, version = fund.version + 1
    FROM unnest(CAST(:ids AS text[]), CAST(:amounts AS bigint[])) AS taken (id, amount)
    WHERE fund.{key} = taken.id
    RETURNING fund.*
    """
_ANNOUNCED = (
    "account_id",
    "allocation_id",
    "payment_id",
    "credit_note_id",
    "adjustment_id",
    "currency",
    "amount",
    "effective_on",
)


def _new_row(source: Source, allocation_id: str, now: datetime, by: str) -> dict[str, Any]:
    return {
        "allocation_id": allocation_id,
        "account_id": source.account_id,
        "currency": source.currency,
        "recorded_at": now,
        "recorded_by": by,
        "adjustment_id": None,
        "with_id": None,
        **source.keys,
    }


def _new_share(each: Spending, share: Share, allocation_id: str, now: datetime) -> dict[str, Any]:
    return {
        **_new_row(each.fund, allocation_id, now, each.by),
        "item_id": share.item.item_id,
        "with_id": share.with_id,
        "reverses_id": None,
        "amount": share.amount,
        "source": share.source,
        "effective_on": share.effective_on(each.fund.free_from),
    }


def _store(session: Session, rows: Sequence[dict[str, Any]], now: datetime) -> dict[str, Item]:
    """Add rows to the allocations, and what they change to their items; those items by id."""
    if not rows:
        return {}
    insert_rows(session, Allocation, rows)
    return change_items(session, changes=[_change(row) for row in rows], now=now)


def _settle(
    session: Session, rows: Sequence[Mapping[str, Any]], items: Mapping[str, Item]
) -> dict[str, Settled]:
    if not rows:
        return {}
    return settle_invoices(
        session, changes=[(items[row["item_id"]].invoice_id, _change(row)) for row in rows]
    )


def _change(row: Mapping[str, Any]) -> ItemChange:
    day = row["effective_on"]
    open_from = date.min if row["reverses_id"] is None else day
    written_off = row["amount"] if row["source"] == AllocationSource.WRITE_OFF else 0
    return ItemChange(row["item_id"], -row["amount"], day, open_from, written_off)
