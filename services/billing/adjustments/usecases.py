"""Give up what is owed, and take that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import refuse_one
from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.accounts.queries import get_account
from services.billing.adjustments import events, rules
from services.billing.adjustments.models import Adjustment
from services.billing.adjustments.queries import is_booked
from services.billing.adjustments.rules import AdjustmentKind, Part
from services.billing.allocations.queries import find_standing
from services.billing.allocations.rules import AllocationSource, OpenItem, Share, total
from services.billing.allocations.usecases import record_shares, take_off
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import kind_of
from services.billing.invoices.usecases import lock_invoice
from services.billing.items.models import Item
from services.billing.items.queries import find_items
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.rules import choose_day
from services.billing.ledger.usecases import post_journals


def book_write_off(
    session: Session,
    *,
    account_id: str,
    write_off_id: str,
    currency: str,
    items: Sequence[Mapping[str, Any]],
    approved_on: date,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Give up what collections approved, as far as it is still owed, or announce why not. Once for each
    write-off that is booked, whatever is repeated."""
    told = {"account_id": account_id, "write_off_id": write_off_id}
    try:
        get_account(session, account_id=account_id)
        lock_balances(session, keys=[(account_id, currency)])
        if is_booked(session, write_off_id=write_off_id):
            return
        shares = _choose(session, items, account_id, currency)
    except Refusal as refusal:
        refused = refuse_one(session, refusal)
        announce(session, events.WriteOffRefused, **told, code=refused.code, reason=refused.detail)
        return
    adjustment = _adjust(
        session,
        AdjustmentKind.WRITE_OFF,
        shares,
        adjusted_on=min(approved_on, today),
        reason=reason,
        now=now,
        by=by,
        write_off_id=write_off_id,
    )
    announce(
        session,
        events.WriteOffBooked,
        **told,
        adjustment_id=adjustment.adjustment_id,
        currency=currency,
        amount=adjustment.amount,
        components=_components_of(adjustment),
        booked_on=adjustment.adjusted_on,
    )


def settle_item(
    session: Session, *, item_id: str, reason: str, today: date, now: datetime, by: str
) -> Adjustment:
    """Give up what is still owed of an item, however much that is."""
    found = fetch(session, Item, item_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    items = find_items(session, item_ids=[item_id], invoice_ids=[])
    return _settle(session, items, today, reason, now, by)


def settle_invoice(
    session: Session, *, invoice_id: str, reason: str, today: date, now: datetime, by: str
) -> Adjustment:
    """Give up what is still owed of an invoice, however much that is."""
    lock_invoice(session, invoice_id=invoice_id)
    items = find_items(session, item_ids=[], invoice_ids=[invoice_id])
    return _settle(session, items, today, reason, now, by)


def reverse_adjustment(
    session: Session,
    *,
    adjustment_id: str,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Adjustment:
    """Take an adjustment back: what was given up is owed again."""
    found = fetch(session, Adjustment, adjustment_id)
    key = (found.account_id, found.currency)
    lock_balances(session, keys=[key])
    adjustment = fetch_for_change(session, Adjustment, adjustment_id)
    rules.require_standing(adjustment)
    day = choose_day(reversed_on, earliest=adjustment.adjusted_on, today=today, field="reversed_on")
    adjustment.reversed_on, adjustment.reversed_at = day, now
    adjustment.reversed_by, adjustment.reversal_reason = by, reason
    session.flush()
    facts = _facts_of(adjustment)
    announce(session, events.AdjustmentReversed, **facts, reversed_on=day, reason=reason)
    standing = find_standing(session, adjustment_id=adjustment_id)
    journals = take_off(
        session, source=adjustment, allocations=standing, reversed_on=day, now=now, by=by
    )
    post_journals(session, journals=journals, now=now)
    change_balances(session, changes={key: BalanceChange(open=adjustment.amount)})
    return adjustment


def _choose(
    session: Session, asked: Sequence[Mapping[str, Any]], account_id: str, currency: str
) -> list[Share]:
    item_ids = [line["item_id"] for line in asked]
    found: dict[str, OpenItem] = {
        item.item_id: item for item in find_items(session, item_ids=item_ids, invoice_ids=[])
    }
    rules.require_items(found, item_ids, account_id=account_id, currency=currency)
    return rules.give_up(asked, found, source=AllocationSource.WRITE_OFF)


def _settle(
    session: Session, items: Sequence[Item], today: date, reason: str, now: datetime, by: str
) -> Adjustment:
    return _adjust(
        session,
        AdjustmentKind.PAYMENT_DIFFERENCE,
        rules.settle(items),
        adjusted_on=today,
        reason=reason,
        now=now,
        by=by,
    )


def _adjust(
    session: Session,
    kind: AdjustmentKind,
    shares: Sequence[Share],
    *,
    adjusted_on: date,
    reason: str,
    now: datetime,
    by: str,
    write_off_id: str | None = None,
) -> Adjustment:
    """Record an adjustment of locked balances, set it against items, post and announce it."""
    key = (shares[0].item.account_id, shares[0].item.currency)
    adjustment = Adjustment(
        adjustment_id=new_id("adj"),
        account_id=key[0],
        kind=kind,
        write_off_id=write_off_id,
        currency=key[1],
        amount=total(shares),
        **_divide(session, shares),
        adjusted_on=adjusted_on,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(adjustment)
    session.flush()
    announce(
        session,
        events.AdjustmentMade,
        **_facts_of(adjustment),
        adjusted_on=adjusted_on,
        components=_components_of(adjustment),
        reason=reason,
    )
    journals = record_shares(session, fund=adjustment, shares=shares, now=now, by=by)
    post_journals(session, journals=journals, now=now)
    change_balances(session, changes={key: BalanceChange(open=-adjustment.amount)})
    return adjustment


def _divide(session: Session, shares: Sequence[Share]) -> dict[str, int]:
    invoice_ids = {share.item.invoice_id for share in shares}
    found = session.execute(
        select(Invoice.invoice_id, Invoice.total, Invoice.tax, Invoice.series).where(
            Invoice.invoice_id.in_(invoice_ids)
        )
    )
    documents = {row.invoice_id: row for row in found}
    named = [(documents[share.item.invoice_id], share.amount) for share in shares]
    return rules.components_of(
        Part(kind_of(row.series), amount, row.total, row.tax) for row, amount in named
    )


def _facts_of(adjustment: Adjustment) -> dict[str, Any]:
    same = "account_id adjustment_id kind currency amount".split()
    return {name: getattr(adjustment, name) for name in same}


def _components_of(adjustment: Adjustment) -> dict[str, int]:
    return {name: getattr(adjustment, name) for name in rules.COMPONENTS}
