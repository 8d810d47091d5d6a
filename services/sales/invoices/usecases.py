"""Keeping count of what is shipped and not invoiced."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from services.sales.accounts.usecases import keep_balances
from services.sales.invoices.models import OrderCredit, OrderInvoice
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
        whose = {"account_id": account_id, "currency": values["currency"]}
        keep_balances(session, [{**whose, **account_balance}])
    if order_id is None:
        return
    facts = {"account_id": account_id, "order_id": order_id, **values}
    statement = insert(OrderInvoice).values(invoice_id=invoice_id, is_void=False, **facts)
    session.execute(statement.on_conflict_do_update(index_elements=["invoice_id"], set_=facts))
    _recount(session, order_id)


def record_credit(
    session: Session, *, credit_note_id: str, order_id: str | None, taken_back: int, **values: Any
) -> None:
    """Note that some of what was billed ahead of an order's shipments was taken back."""
    if order_id is None or taken_back == 0:
        return
    credit = {"order_id": order_id, "taken_back": taken_back, **values}
    insert_new_rows(session, OrderCredit, [{"credit_note_id": credit_note_id, **credit}])
    _recount(session, order_id)


def record_void(session: Session, *, account_id: str, invoice_id: str) -> None:
    """Note that an invoice is void: what it was for is to be invoiced again."""
    statement = insert(OrderInvoice).values(
        account_id=account_id, invoice_id=invoice_id, is_void=True
    )
    order_id = session.scalar(
        statement.on_conflict_do_update(
            index_elements=["invoice_id"], set_={"is_void": True}
        ).returning(OrderInvoice.order_id)
    )
    if order_id is not None:
        _recount(session, order_id)


def _recount(session: Session, order_id: str) -> None:
    """Set the order's `not_invoiced` from its shipments and from what its own account was invoiced:
    another account's invoice may name it and says nothing of it."""
    locked = select(Order.account_id, Order.currency).where(Order.order_id == order_id)
    order = session.execute(locked.with_for_update()).one_or_none()
    if order is None:
        return
    live = (
        (OrderInvoice.order_id == order_id)
        & (OrderInvoice.account_id == order.account_id)
        & (OrderInvoice.currency == order.currency)
        & ~OrderInvoice.is_void
    )
    invoiced = select(OrderInvoice.shipment_id).where(live, OrderInvoice.shipment_id.is_not(None))
    shipped = _sum(
        session,
        Shipment.total_gross,
        (Shipment.order_id == order_id) & Shipment.shipment_id.not_in(invoiced),
    )
    ahead = _sum(session, OrderInvoice.total, live & OrderInvoice.shipment_id.is_(None))
    taken_off = _sum(session, OrderInvoice.taken_off, live & OrderInvoice.shipment_id.is_not(None))
    taken_back = _sum(
        session,
        OrderCredit.taken_back,
        (OrderCredit.order_id == order_id)
        & (OrderCredit.account_id == order.account_id)
        & (OrderCredit.currency == order.currency),
    )
    amount = shipped - (ahead - taken_off - taken_back)
    note_not_invoiced(session, order_id=order_id, amount=amount)


def _sum(session: Session, amount: Any, which: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.sum(amount)).where(which)) or 0)
