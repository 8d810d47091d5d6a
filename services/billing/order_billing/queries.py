"""Reads of what is billed of orders."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.refusals import NotFound
from services.billing.credits.queries import CREDITED_QUANTITY
from services.billing.invoices.models import Invoice, InvoiceLine
from services.billing.order_billables.queries import read_billables
from services.billing.order_billing.rules import LineBilling
from services.billing.orders.models import Order
from services.billing.returns.models import AcceptedReturn, ReturnedLine
from services.billing.shipments.models import ShippedLine

_NONE = Decimal(0)


def get_order_billing(session: Session, *, order_id: str) -> dict[str, Any]:
    """An order's lines of which something was shipped or, billed on order, is to be billed, but what was
    given away, with what became of each."""
    order = session.scalars(select(Order).where(Order.order_id == order_id)).one_or_none()
    if order is None:
        raise NotFound("order_not_found", f"There is no confirmed order {order_id}.")
    shipped = _read_shipped(session, order)
    agreed = read_billables(session, order_id=order_id, account_id=order.account_id)
    returned = _sum_returned(session, order)
    known = {line_id: one.description for line_id, one in agreed.items()}
    known |= {line_id: description for line_id, (description, _) in shipped.items()}
    billed = _sum_billed(session, order_line_ids=known)
    lines = [
        LineBilling(
            line_id,
            description,
            shipped.get(line_id, ("", _NONE))[1],
            returned.get(line_id, _NONE),
            *billed.get(line_id, (_NONE, _NONE)),
            *((agreed[line_id].quantity, agreed[line_id].kept) if line_id in agreed else ()),
        )
        for line_id, description in known.items()
    ]
    return {
        "order_id": order.order_id,
        "account_id": order.account_id,
        "number": order.number,
        "currency": order.currency,
        "lines": lines,
    }


def _read_shipped(session: Session, order: Order) -> dict[str, tuple[str, Decimal]]:
    found = session.execute(
        select(
            ShippedLine.order_line_id,
            func.min(ShippedLine.description),
            func.sum(ShippedLine.quantity),
        )
        .where(
            ShippedLine.order_id == order.order_id,
            ShippedLine.account_id == order.account_id,
            ShippedLine.order_line_id.is_not(None),
            ShippedLine.unit_price > 0,
        )
        .group_by(ShippedLine.order_line_id)
        .order_by(ShippedLine.order_line_id)
    )
    return {str(row[0]): (row[1], row[2]) for row in found}


def _sum_returned(session: Session, order: Order) -> dict[str, Decimal]:
    found = session.execute(
        select(ReturnedLine.order_line_id, func.sum(ReturnedLine.quantity))
        .join(
            AcceptedReturn,
            (AcceptedReturn.return_id == ReturnedLine.return_id)
            & (AcceptedReturn.part == ReturnedLine.part),
        )
        .where(
            AcceptedReturn.order_id == order.order_id,
            AcceptedReturn.account_id == order.account_id,
        )
        .group_by(ReturnedLine.order_line_id)
    )
    return {row[0]: row[1] for row in found}


def _sum_billed(
    session: Session, *, order_line_ids: Collection[str]
) -> dict[str, tuple[Decimal, Decimal]]:
    """How much live invoices bill of order lines, and how much of that is credited."""
    found = session.execute(
        select(
            InvoiceLine.order_line_id,
            func.sum(InvoiceLine.quantity),
            func.sum(CREDITED_QUANTITY),
        )
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .where(
            InvoiceLine.order_line_id.in_(order_line_ids),
            Invoice.issued_on.is_not(None),
            Invoice.voided_on.is_(None),
        )
        .group_by(InvoiceLine.order_line_id)
    )
    return {str(row[0]): (row[1], row[2]) for row in found}
