"""Reads of what is billed, paid for, credited and came back of order lines: summed anew each time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from services.sales.billed.models import (
    BilledInvoice,
    BilledLine,
    LineCredit,
    LineReturn,
    VoidCredit,
)
from services.sales.billed.rules import Billed

_IS_LIVE = ~BilledInvoice.is_void


def read_billed(session: Session, line_ids: Collection[str]) -> dict[str, Billed]:
    """How much of order lines live invoices bill, and how much of that is credited, by line id; of which
    nothing is are left out."""
    return _read(session, line_ids, _IS_LIVE)


def read_paid(session: Session, line_ids: Collection[str]) -> dict[str, Decimal]:
    """How much of order lines paid invoices cover, less what is credited of it, by line id."""
    paid = _read(session, line_ids, _IS_LIVE & BilledInvoice.is_paid)
    return {line_id: one.left for line_id, one in paid.items()}


def read_returned(session: Session, line_ids: Collection[str]) -> dict[str, Decimal]:
    """How much of order lines came back and was accepted, by line id."""
    found = session.execute(
        select(LineReturn.line_id, func.sum(LineReturn.quantity))
        .where(LineReturn.line_id.in_(line_ids))
        .group_by(LineReturn.line_id)
    )
    return dict(found.all())


def find_known(session: Session, *, invoice_ids: Collection[str]) -> set[str]:
    """Those of these invoices whose issue was heard of."""
    known = select(BilledInvoice.invoice_id).where(
        BilledInvoice.invoice_id.in_(invoice_ids), BilledInvoice.number.is_not(None)
    )
    return set(session.scalars(known))


def find_void(session: Session, *, invoice_ids: Collection[str]) -> set[str]:
    """Those of these invoices that are void."""
    void = select(BilledInvoice.invoice_id).where(
        BilledInvoice.invoice_id.in_(invoice_ids), BilledInvoice.is_void
    )
    return set(session.scalars(void))


def find_void_of_orders(
    session: Session, *, invoice_ids: Collection[str]
) -> Sequence[BilledInvoice]:
    """Those of these invoices that are void and for an order, in the order of their ids."""
    void = select(BilledInvoice).where(
        BilledInvoice.invoice_id.in_(invoice_ids),
        BilledInvoice.is_void,
        BilledInvoice.order_id.is_not(None),
    )
    return session.scalars(
        void.order_by(BilledInvoice.invoice_id).execution_options(populate_existing=True)
    ).all()


def read_lines(session: Session, *, invoice_ids: Collection[str]) -> dict[str, dict[str, Decimal]]:
    """What of which order lines invoices bill, by invoice and line."""
    found = session.execute(
        select(BilledLine.invoice_id, BilledLine.line_id, func.sum(BilledLine.quantity))
        .where(BilledLine.invoice_id.in_(invoice_ids))
        .group_by(BilledLine.invoice_id, BilledLine.line_id)
        .order_by(BilledLine.invoice_id, func.min(BilledLine.position))
    )
    lines: dict[str, dict[str, Decimal]] = {}
    for invoice_id, line_id, quantity in found:
        lines.setdefault(invoice_id, {})[line_id] = quantity
    return lines


def _read(
    session: Session, line_ids: Collection[str], which: ColumnElement[bool]
) -> dict[str, Billed]:
    invoiced = session.execute(
        select(BilledLine.line_id, func.sum(BilledLine.quantity))
        .join(BilledInvoice, BilledInvoice.invoice_id == BilledLine.invoice_id)
        .where(BilledLine.line_id.in_(line_ids), which)
        .group_by(BilledLine.line_id)
    )
    is_void = exists().where(VoidCredit.credit_note_id == LineCredit.credit_note_id)
    credited = session.execute(
        select(
            LineCredit.line_id,
            func.sum(LineCredit.quantity),
            func.sum(LineCredit.quantity).filter(LineCredit.is_of_return),
        )
        .join(BilledInvoice, BilledInvoice.invoice_id == LineCredit.invoice_id)
        .where(LineCredit.line_id.in_(line_ids), ~is_void, which)
        .group_by(LineCredit.line_id)
    )
    none = Decimal(0)
    taken_back = {
        line_id: (all_of_it, of_returns or none) for line_id, all_of_it, of_returns in credited
    }
    return {
        line_id: Billed(quantity, *taken_back.get(line_id, (none, none)))
        for line_id, quantity in invoiced
    }
