"""Keeping count of what is shipped and not invoiced."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.sales.accounts.usecases import keep_balance
from services.sales.invoices.models import OrderInvoice
from services.sales.orders.models import Order
from services.sales.orders.usecases import note_not_invoiced
from services.sales.shipments.models import Shipment


def record_invoice(
    session: Session,
    *,
    account_id: str,
    invoice_id: str,
    order_id: str | None,
    account_balance: dict[str, int] | None,
    **values: Any,
) -> None:
    """Note that an order, or a shipment of it, was invoiced, and what the account owes with it: what
    leaves the open orders is in the balance at that same moment."""
    if account_balance is not None:
        currency = values["currency"]
        keep_balance(session, account_id=account_id, currency=currency, **account_balance)
    if order_id is None:
        return
    statement = insert(OrderInvoice).values(
        invoice_id=invoice_id, order_id=order_id, is_void=False, **values
    )
    facts = {"order_id": order_id, **values}
    session.execute(statement.on_conflict_do_update(index_elements=["invoice_id"], set_=facts))
    _recount(session, order_id)


def record_void(session: Session, *, invoice_id: str) -> None:
    """Note that an invoice is void: what it was for is to be invoiced again."""
    statement = insert(OrderInvoice).values(invoice_id=invoice_id, is_void=True)
    order_id = session.scalar(
        statement.on_conflict_do_update(
            index_elements=["invoice_id"], set_={"is_void": True}
        ).returning(OrderInvoice.order_id)
    )
    if order_id is not None:
        _recount(session, order_id)


def _recount(session: Session, order_id: str) -> None:
    """Set the order's `not_invoiced` from its shipments and its invoices."""
    locked = select(Order.currency).where(Order.order_id == order_id).with_for_update()
    currency = session.scalar(locked)
    if currency is None:
        return
    is_live = (OrderInvoice.order_id == order_id) & ~OrderInvoice.is_void
    invoiced = select(OrderInvoice.shipment_id).where(
        is_live, OrderInvoice.shipment_id.is_not(None)
    )
    shipped = session.scalar(
        select(func.sum(Shipment.total_gross)).where(
            Shipment.order_id == order_id, Shipment.shipment_id.not_in(invoiced)
        )
    )
    ahead = session.scalar(
        select(func.sum(OrderInvoice.total)).where(
            is_live, OrderInvoice.shipment_id.is_(None), OrderInvoice.currency == currency
        )
    )
    amount = int(shipped or 0) - int(ahead or 0)
    note_not_invoiced(session, order_id=order_id, amount=amount)
