"""Reads of allocations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from chassis.pages import read_page
from services.billing.allocations.models import Allocation
from services.billing.allocations.rules import AllocationSource
from services.billing.items.models import Item

_Reversal = aliased(Allocation)


def list_allocations(
    session: Session,
    *,
    limit: int,
    after: str | None,
    payment_id: str | None = None,
    credit_note_id: str | None = None,
    item_id: str | None = None,
) -> dict[str, Any]:
    """A page of allocations in the order they were made, each with the day it was reversed, if any."""
    statement = (
        select(
            *Allocation.__table__.c,
            Item.invoice_id,
            Item.invoice_number,
            _Reversal.effective_on.label("reversed_on"),
        )
        .select_from(Allocation)
        .join(Item, Item.item_id == Allocation.item_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Allocation.allocation_id)
        .where(Allocation.reverses_id.is_(None))
    )
    if payment_id is not None:
        statement = statement.where(Allocation.payment_id == payment_id)
    if credit_note_id is not None:
        statement = statement.where(Allocation.credit_note_id == credit_note_id)
    if item_id is not None:
        statement = statement.where(Allocation.item_id == item_id)
    return read_page(session, statement, by=[Allocation.allocation_id], limit=limit, after=after)


def find_standing(
    session: Session,
    *,
    payment_id: str | None = None,
    credit_note_id: str | None = None,
    allocation_id: str | None = None,
    invoice_id: str | None = None,
    adjustment_id: str | None = None,
) -> Sequence[Allocation]:
    """The allocations of a payment, credit note or adjustment, to an invoice, or the one with this id,
    that were not reversed."""
    statement = (
        select(Allocation)
        .outerjoin(_Reversal, _Reversal.reverses_id == Allocation.allocation_id)
        .where(Allocation.reverses_id.is_(None), _Reversal.allocation_id.is_(None))
        .order_by(Allocation.allocation_id)
    )
    if payment_id is not None:
        statement = statement.where(Allocation.payment_id == payment_id)
    if credit_note_id is not None:
        statement = statement.where(Allocation.credit_note_id == credit_note_id)
    if allocation_id is not None:
        statement = statement.where(Allocation.allocation_id == allocation_id)
    if adjustment_id is not None:
        statement = statement.where(Allocation.adjustment_id == adjustment_id)
    if invoice_id is not None:
        items = select(Item.item_id).where(Item.invoice_id == invoice_id)
        statement = statement.where(Allocation.item_id.in_(items))
    return session.scalars(statement).all()


def sum_adjusted(session: Session, *, invoice_id: str) -> int:
    """What of an invoice was given up or settled in full, and stands: not discounts, which are turned
    round with what is credited."""
    items = select(Item.item_id).where(Item.invoice_id == invoice_id)
    adjusted = select(func.coalesce(func.sum(Allocation.amount), 0)).where(
        Allocation.item_id.in_(items),
        Allocation.adjustment_id.is_not(None),
        Allocation.source != AllocationSource.EARLY_PAYMENT_DISCOUNT,
    )
    return int(session.scalars(adjusted).one())


def find_adjusted(session: Session, *, invoice_ids: Collection[str]) -> dict[str, int]:
    """As `sum_adjusted`, of many invoices, by their ids; those without are left out."""
    found = session.execute(
        select(Item.invoice_id, func.sum(Allocation.amount))
        .join(Allocation, Allocation.item_id == Item.item_id)
        .where(
            Item.invoice_id.in_(invoice_ids),
            Allocation.adjustment_id.is_not(None),
            Allocation.source != AllocationSource.EARLY_PAYMENT_DISCOUNT,
        )
        .group_by(Item.invoice_id)
    )
    return {invoice_id: int(amount) for invoice_id, amount in found}


def find_discounted(session: Session, *, invoice_ids: Collection[str]) -> set[str]:
    """Those of these invoices that discounts stand on."""
    found = session.scalars(
        select(Item.invoice_id)
        .join(Allocation, Allocation.item_id == Item.item_id)
        .where(
            Item.invoice_id.in_(invoice_ids),
            Allocation.source == AllocationSource.EARLY_PAYMENT_DISCOUNT,
        )
        .group_by(Item.invoice_id)
        .having(func.sum(Allocation.amount) > 0)
    )
    return set(found)


def find_along(session: Session, *, with_ids: Collection[str]) -> Sequence[Allocation]:
    """What was given up along with allocations, and stands."""
    return _fetch_standing(session, Allocation.with_id.in_(with_ids))


def find_discounts(session: Session, *, invoice_id: str) -> Sequence[Allocation]:
    """The discounts of an invoice that stand, in the order in which they were given."""
    items = select(Item.item_id).where(Item.invoice_id == invoice_id)
    is_discount = Allocation.source == AllocationSource.EARLY_PAYMENT_DISCOUNT
    return _fetch_standing(session, Allocation.item_id.in_(items), is_discount)


def find_lost_discounts(session: Session, *, item_ids: Collection[str]) -> Sequence[Any]:
    """Of items: the allocations that stand with less given up along with them than was once (`with_id`,
    `item_id`, `lost`)."""
    most = func.max(Allocation.amount)
    standing = func.sum(Allocation.amount)
    paid = aliased(Allocation)
    return session.execute(
        select(Allocation.with_id, Allocation.item_id, (most - standing).label("lost"))
        .join(paid, paid.allocation_id == Allocation.with_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == paid.allocation_id)
        .where(
            Allocation.item_id.in_(item_ids),
            Allocation.source == AllocationSource.EARLY_PAYMENT_DISCOUNT,
            _Reversal.allocation_id.is_(None),
        )
        .group_by(Allocation.with_id, Allocation.item_id)
        .having(most > standing)
        .order_by(Allocation.with_id)
    ).all()


def _fetch_standing(session: Session, *of: ColumnElement[bool]) -> Sequence[Allocation]:
    statement = (
        select(Allocation)
        .outerjoin(_Reversal, _Reversal.reverses_id == Allocation.allocation_id)
        .where(Allocation.reverses_id.is_(None), _Reversal.allocation_id.is_(None), *of)
        .order_by(Allocation.allocation_id)
    )
    return session.scalars(statement).all()


def find_taken_by(session: Session, *, reversal_id: str) -> Sequence[Allocation]:
    """What the reversal of a payment took back, as the rows that did, in order."""
    statement = select(Allocation).where(Allocation.reversal_id == reversal_id)
    return session.scalars(statement.order_by(Allocation.allocation_id)).all()
