"""Reads of order bills."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.billed.queries import find_known, find_void
from services.sales.order_bills.models import OrderBill, OrderBillLine
from services.sales.order_bills.rules import BillKind, BillStatus


def get_order_bill(session: Session, *, bill_id: str) -> OrderBill:
    """One order bill with its lines."""
    return fetch(session, OrderBill, bill_id)


def list_order_bills(
    session: Session,
    *,
    account_id: str | None,
    order_id: str | None,
    status: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of order bills, the newest first."""
    statement = select(OrderBill)
    if account_id is not None:
        statement = statement.where(OrderBill.account_id == account_id)
    if order_id is not None:
        statement = statement.where(OrderBill.order_id == order_id)
    if status is not None:
        statement = statement.where(OrderBill.status == status)
    by = [OrderBill.created_at, OrderBill.bill_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def read_asked(session: Session, line_ids: Collection[str]) -> dict[str, Decimal]:
    """How much of order lines billing is asked to bill and has told no invoice of yet, by line id."""
    rows = session.execute(
        select(OrderBillLine.line_id, OrderBill.invoice_id, func.sum(OrderBillLine.quantity))
        .join(OrderBill, OrderBill.bill_id == OrderBillLine.bill_id)
        .where(
            OrderBillLine.line_id.in_(line_ids),
            OrderBill.status.in_([BillStatus.ASKED, BillStatus.BILLED]),
        )
        .group_by(OrderBillLine.line_id, OrderBill.invoice_id)
    ).all()
    told = find_known(session, invoice_ids={row[1] for row in rows if row[1] is not None})
    asked: dict[str, Decimal] = {}
    for line_id, invoice_id, quantity in rows:
        if invoice_id not in told:
            asked[line_id] = asked.get(line_id, Decimal(0)) + quantity
    return asked


def find_refused(
    session: Session, *, order_ids: Collection[str], kind: BillKind
) -> Sequence[OrderBill]:
    """What billing refused of orders and nobody has asked for again or given up."""
    refused = select(OrderBill).where(
        OrderBill.order_id.in_(order_ids),
        OrderBill.kind == kind,
        OrderBill.status == BillStatus.REFUSED,
    )
    return session.scalars(refused.order_by(OrderBill.bill_id)).all()


def find_by_invoice(session: Session, *, invoice_id: str) -> OrderBill | None:
    """The order bill that an invoice is of."""
    of_it = select(OrderBill).where(OrderBill.invoice_id == invoice_id)
    return session.scalars(of_it).first()


def is_asked(session: Session, *, order_id: str, shipment_id: str) -> bool:
    """Whether billing is asked to bill a shipment again and has not answered."""
    asked = select(OrderBill.bill_id).where(
        OrderBill.order_id == order_id,
        OrderBill.shipment_id == shipment_id,
        OrderBill.status == BillStatus.ASKED,
    )
    return session.scalars(asked).first() is not None


def find_standing_deposit(session: Session, *, order_id: str) -> OrderBill | None:
    """The deposit of an order that is asked for, or billed by an invoice that is not void."""
    deposits = session.scalars(
        select(OrderBill)
        .where(
            OrderBill.order_id == order_id,
            OrderBill.kind == BillKind.DEPOSIT,
            OrderBill.status.in_([BillStatus.ASKED, BillStatus.BILLED]),
        )
        .order_by(OrderBill.bill_id)
    ).all()
    named = {one.invoice_id for one in deposits if one.invoice_id is not None}
    void = find_void(session, invoice_ids=named)
    return next((one for one in deposits if one.invoice_id not in void), None)
