"""Replace open instalments by others of the same total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.database import fetch, require_version
from chassis.outbox import announce
from kernel.ids import new_ids
from kernel.refusals import Conflict
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import Action, require_allowed
from services.billing.invoices.usecases import lock_invoice, mark_rescheduled
from services.billing.issuing.rules import Due
from services.billing.items.models import Item
from services.billing.items.queries import find_items
from services.billing.items.usecases import open_items, reschedule_items
from services.billing.reschedules.events import ItemDueChanged, ItemSnapshot
from services.billing.reschedules.models import DueChange
from services.billing.reschedules.rules import plan_reschedule, read_dues, require_same_total

Instalments = Sequence[Mapping[str, Any]]
Before = Mapping[str, tuple[date | None, int]]


def reschedule_invoice(
    session: Session,
    *,
    invoice_id: str,
    instalments: Instalments,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Invoice:
    """Have what is open of an invoice due on other days, in other parts."""
    invoice = _lock(session, invoice_id)
    items = find_items(session, item_ids=(), invoice_ids=[invoice_id])
    _reschedule(session, invoice, items, instalments, reason, today, now, by)
    return invoice


def reschedule_item(
    session: Session,
    *,
    item_id: str,
    instalments: Instalments,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Invoice:
    """Have what is open of one item due on another day, or in parts; its invoice."""
    invoice = _lock(session, fetch(session, Item, item_id).invoice_id)
    items = find_items(session, item_ids=[item_id])
    require_version(session, item_id, items[0].version)
    _reschedule(session, invoice, items, instalments, reason, today, now, by)
    return invoice


def _lock(session: Session, invoice_id: str) -> Invoice:
    invoice = lock_invoice(session, invoice_id=invoice_id)
    require_allowed(Action.RESCHEDULE, status=invoice.status, name=invoice.name)
    return invoice


def _reschedule(
    session: Session,
    invoice: Invoice,
    items: Sequence[Item],
    instalments: Instalments,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    open_ones = [item for item in items if item.balance]
    if not open_ones:
        raise Conflict("item_not_open", "Nothing of it is owed; reschedule what is open.")
    dues = read_dues(instalments, issued_on=open_ones[0].issued_on, today=today)
    require_same_total(open_ones, dues, currency=invoice.currency)
    plan = plan_reschedule(open_ones, dues, currency=invoice.currency)
    before: dict[str, tuple[date | None, int]] = {
        item.item_id: (item.due_date, item.amount) for item in open_ones
    }
    changed: dict[str, Item] = {}
    if plan.changed:
        changed = reschedule_items(session, changes=plan.changed, changed_on=today, now=now)
    new_ones = _open_new(session, invoice, open_ones[0], plan.new, today, now)
    mark_rescheduled(session, invoice)
    facts = {"reason": reason, "changed_on": today, "recorded_by": by}
    _record(session, invoice, [*changed.values(), *new_ones], before, now, facts)


def _open_new(
    session: Session, invoice: Invoice, like: Item, dues: Sequence[Due], today: date, now: datetime
) -> Sequence[Item]:
    """Open items for further instalments, the positions after the last. What is less for paying early
    stays so, by the days of the invoice."""
    if not dues:
        return []
    known = find_items(session, item_ids=(), invoice_ids=[invoice.invoice_id])
    last = max(item.position for item in known)
    of_invoice = ("invoice_id", "account_id", "kind", "invoice_number", "currency", "issued_on")
    same = (*of_invoice, "discount_percent", "discount_until", "later_discounts")
    rows = [
        {
            **{name: getattr(like, name) for name in same},
            "item_id": item_id,
            "position": position,
            "due_date": due.due_date,
            "amount": due.amount,
            "open_from": today,
            "changed_on": today,
        }
        for position, (item_id, due) in enumerate(
            zip(new_ids("itm", len(dues)), dues, strict=True), start=last + 1
        )
    ]
    open_items(session, items=rows, now=now)
    return find_items(session, item_ids=[row["item_id"] for row in rows])


def _record(
    session: Session,
    invoice: Invoice,
    items: Iterable[Item],
    before: Before,
    now: datetime,
    facts: Mapping[str, Any],
) -> None:
    """Keep what items were, and announce it."""
    told = sorted(items, key=lambda item: item.position)
    old = {item.item_id: before.get(item.item_id, (None, 0)) for item in told}
    rows = [
        {
            "item_id": item.item_id,
            "version": item.version,
            "invoice_id": item.invoice_id,
            "account_id": item.account_id,
            "old_due_date": old[item.item_id][0],
            "old_amount": old[item.item_id][1],
            "new_due_date": item.due_date,
            "new_amount": item.amount,
            **facts,
            "recorded_at": now,
        }
        for item in told
    ]
    insert_rows(session, DueChange, rows)
    announce(
        session,
        ItemDueChanged,
        **{name: getattr(invoice, name) for name in _OF_INVOICE},
        invoice_number=invoice.number,
        **facts,
        items=[_told(item, *old[item.item_id]) for item in told],
    )


_OF_INVOICE = ("account_id", "invoice_id", "currency", "issued_on")


def _told(item: Item, old_due_date: date | None, old_amount: int) -> dict[str, Any]:
    snapshot = {name: getattr(item, name) for name in ItemSnapshot._declared_fields}
    was = {"old_due_date": old_due_date, "old_amount": old_amount}
    return {**snapshot, **was, "position": item.position}
