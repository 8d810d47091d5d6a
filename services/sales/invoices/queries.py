"""Reads of what is shipped and not invoiced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.sales.invoices.models import BilledShipment, OrderCredit, OrderInvoice
from services.sales.order_exceptions.models import OrderException
from services.sales.order_exceptions.rules import ExceptionKind, Settlement
from services.sales.orders.models import Order
from services.sales.shipments.models import Shipment
from services.sales.shipments.rules import GONE


def sum_not_invoiced(session: Session, order_ids: Sequence[str]) -> dict[str, int]:
    """What of each of these orders has left and is not invoiced, less what was invoiced ahead of it, in
    minor units, by order id: from their shipments and from what was invoiced for their own accounts. An
    invoice for another may name an order and says nothing of it; which shipments a bill of several bills
    is known by the shipments, whoever pays it."""
    found = session.execute(_NOT_INVOICED, {"order_ids": [*order_ids]})
    return {order_id: int(amount) for order_id, amount in found}


def _statement() -> Select[str, int]:
    stands = (OrderInvoice.currency == Order.currency) & ~OrderInvoice.is_void
    own = and_(
        OrderInvoice.order_id == Order.order_id,
        OrderInvoice.account_id == Order.account_id,
        stands,
    )
    is_billed = _is_there(own, OrderInvoice.shipment_id == Shipment.shipment_id)
    is_billed_among_others = _is_there(
        BilledShipment.shipment_id == Shipment.shipment_id,
        BilledShipment.invoice_id == OrderInvoice.invoice_id,
        stands,
    )
    is_left = _is_there(
        OrderException.order_id == Order.order_id,
        OrderException.shipment_id == Shipment.shipment_id,
        OrderException.kind == ExceptionKind.INVOICE_VOIDED,
        OrderException.settled_as == Settlement.LEAVE,
    )
    shipped = _sum(
        Shipment.total_gross,
        Shipment.order_id == Order.order_id,
        Shipment.status.in_(GONE),
        ~(is_billed | is_billed_among_others | is_left),
    )
    ahead = _sum(OrderInvoice.total, own, OrderInvoice.shipment_id.is_(None))
    taken_off = _sum(OrderInvoice.taken_off, own, OrderInvoice.shipment_id.is_not(None))
    taken_back = _sum(
        OrderCredit.taken_back,
        OrderCredit.order_id == Order.order_id,
        OrderCredit.account_id == Order.account_id,
        OrderCredit.currency == Order.currency,
    )
    wanted = bindparam("order_ids", type_=ARRAY(String))
    return select(Order.order_id, shipped - (ahead - taken_off - taken_back)).where(
        Order.order_id == any_(wanted)
    )


def _is_there(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*which).correlate(Order, Shipment)


def _sum(amount: Any, *which: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(func.coalesce(func.sum(amount), 0)).where(*which)
    return found.correlate(Order).scalar_subquery()


_NOT_INVOICED = _statement()
