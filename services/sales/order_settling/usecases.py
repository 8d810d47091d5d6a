"""Settle order exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from kernel.refusals import Conflict
from services.sales.billed_too_much.usecases import judge_orders, tell_billable
from services.sales.invoices.usecases import recount
from services.sales.order_bills import usecases as order_bills
from services.sales.order_bills.queries import find_by_invoice, is_asked
from services.sales.order_bills.rules import BillKind
from services.sales.order_exceptions.models import OrderException
from services.sales.order_exceptions.rules import (
    ExceptionKind,
    Settlement,
    at_most,
    require_by_hand,
    require_settleable,
)
from services.sales.order_exceptions.usecases import note_settled
from services.sales.order_money.queries import is_billed_on_order, read_money
from services.sales.order_money.usecases import ask_deposit_again, named, sold_lines
from services.sales.orders.models import Order
from services.sales.orders.usecases import cancel_quantities, settle
from services.sales.shipments.queries import read_planned


def settle_exception(
    session: Session,
    *,
    exception_id: str,
    settled_as: str,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> OrderException:
    """Bill or ship again what was undone of an order, or leave it: then it is not billed, or not shipped,
    any more, and what is billed too much stays billed."""
    found = fetch(session, OrderException, exception_id)
    order = fetch_for_change(session, Order, found.order_id)
    raised = fetch_for_change(session, OrderException, exception_id)
    how = Settlement(settled_as)
    require_settleable(raised.settled_as, how, number=raised.number)
    require_by_hand(raised.kind, how, number=raised.number)
    undone = {line.line_id: line.quantity for line in raised.lines}
    left: Mapping[str, Decimal] = {}
    if how is Settlement.LEAVE:
        left = _leave(session, order, raised, undone)
    elif raised.kind == ExceptionKind.INVOICE_VOIDED:
        _bill_again(session, order, raised, undone, now=now, by=by)
    note_settled(session, raised, how, left=left, reason=reason, now=now, by=by)
    if how is Settlement.LEAVE and is_billed_on_order(order):
        settle(session, order)  # less of it is to be billed: another version
        tell_billable(session, order)
    judge_orders(session, recount(session, [order.order_id]), today=today, now=now)
    return raised


def _leave(
    session: Session,
    order: Order,
    raised: OrderException,
    undone: Mapping[str, Decimal],
) -> dict[str, Decimal]:
    """What of it is left: of what was shipped or billed again since, nothing."""
    if raised.kind == ExceptionKind.SHIPMENT_CANCELLED:
        planned, _ = read_planned(session, order_ids=[order.order_id])
        still_open = {
            line.line_id: line.quantities.to_ship - planned.get(line.line_id, Decimal(0))
            for line in order.lines
        }
        left = at_most(undone, still_open)
        cancel_quantities(session, order, quantities=left)
        return left
    money = read_money(session, order)
    if raised.kind == ExceptionKind.BILLED_TOO_MUCH:
        return at_most(undone, {one.line_id: one.too_much for one in money})
    return at_most(undone, {one.line_id: one.to_ask for one in money})


def _bill_again(
    session: Session,
    order: Order,
    raised: OrderException,
    undone: Mapping[str, Decimal],
    *,
    now: datetime,
    by: str,
) -> None:
    if raised.shipment_id is not None:
        if is_asked(session, order_id=order.order_id, shipment_id=raised.shipment_id):
            raise _nothing_to_bill(raised)
        bill = order_bills.draft(session, named(order), BillKind.SHIPMENT, now=now, by=by)
        bill.shipment_id = raised.shipment_id
        order_bills.ask(session, bill, [], now=now, by=by)
        return
    if not undone:
        deposit = find_by_invoice(session, invoice_id=raised.about)
        if deposit is None:
            raise Conflict(
                "billed_by_hand",
                f"Invoice {raised.about_number} was made by hand; make another in billing where it is "
                "wanted, then settle this with leave.",
                field="settled_as",
            )
        ask_deposit_again(session, order_id=order.order_id, now=now, by=by)
        return
    to_ask = {one.line_id: one.to_ask for one in read_money(session, order)}
    chosen = at_most(undone, to_ask)
    if not chosen or not is_billed_on_order(order):
        raise _nothing_to_bill(raised)
    bill = order_bills.draft(session, named(order), BillKind.LINES, now=now, by=by)
    order_bills.put_lines(bill, chosen)
    order_bills.ask(session, bill, sold_lines(order), now=now, by=by)


def _nothing_to_bill(raised: OrderException) -> Conflict:
    return Conflict(
        "nothing_to_bill",
        f"What invoice {raised.about_number} had billed is billed, or asked to be, already; settle this "
        "with leave.",
        field="settled_as",
    )
