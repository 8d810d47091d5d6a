"""Reads of the money of orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch
from services.sales.billed.queries import read_billed, read_paid, read_returned
from services.sales.billed.rules import Billed
from services.sales.order_bills.queries import list_order_bills, read_asked
from services.sales.order_exceptions.queries import find_open, read_kept, read_left
from services.sales.order_money.rules import NONE, LineMoney
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import BillsOn, ShipsOn, totals

BILLS_MAX = 100


def get_order_money(session: Session, *, order_id: str) -> dict[str, Any]:
    """What became of the money of an order, line by line, what billing was asked, and what a person has
    to settle."""
    order = fetch(session, Order, order_id)
    lines = read_money(session, order)
    bills = list_order_bills(
        session, account_id=None, order_id=order_id, status=None, limit=BILLS_MAX, after=None
    )
    names = ("order_id", "account_id", "number", "currency", "bills_on", "ships_on")
    return {
        **{name: getattr(order, name) for name in (*names, "deposit_percent")},
        "is_billed": not any(line.to_bill for line in lines),
        "lines": lines,
        "bills": bills["items"],
        "exceptions": find_open(session, order_id=order_id),
    }


def read_money(session: Session, order: Order) -> list[LineMoney]:
    """What became of the lines of an order that go out, in their order."""
    return read_money_of(session, [(order, order.lines)])[order.order_id]


def read_money_of(
    session: Session, orders: Sequence[tuple[Order, Sequence[OrderLine]]]
) -> dict[str, list[LineMoney]]:
    """As `read_money`, of many orders at once, by order id."""
    going = {
        order.order_id: (order, [line for line in lines if not line.is_return_line])
        for order, lines in orders
    }
    line_ids = [line.line_id for _, lines in going.values() for line in lines]
    billed, paid = read_billed(session, line_ids), read_paid(session, line_ids)
    returned, left = read_returned(session, line_ids), read_left(session, line_ids)
    kept, asked = read_kept(session, line_ids), read_asked(session, line_ids)
    return {
        order_id: [
            LineMoney(
                line.line_id,
                order.bills_on,
                order.ships_on,
                is_free=line.net_unit_price == 0,
                ordered=line.quantities.ordered,
                cancelled=line.quantities.cancelled,
                shipped=line.quantities.shipped,
                returned=returned.get(line.line_id, NONE),
                left=left.get(line.line_id, NONE),
                **billed.get(line.line_id, Billed())._asdict(),
                kept=kept.get(line.line_id, NONE),
                asked=asked.get(line.line_id, NONE),
                paid=paid.get(line.line_id, NONE),
            )
            for line in lines
        ]
        for order_id, (order, lines) in going.items()
    }


def read_targets(session: Session, order: Order) -> dict[str, Decimal]:
    """How much of each line of an order that goes out may leave the house in all, by line id: what is
    ordered, or, where it is shipped on payment, what paid invoices cover."""
    lines = [line for line in order.lines if not line.is_return_line]
    limited = find_targets(session, [(order, lines)])
    return {line.line_id: limited.get(line.line_id, line.quantities.ordered) for line in lines}


def find_targets(
    session: Session, orders: Iterable[tuple[Order, Sequence[OrderLine]]]
) -> dict[str, Decimal]:
    """As `read_targets`, for many at once: only lines of orders that are shipped on payment, but for what
    is given away."""
    line_ids = [
        line.line_id
        for order, lines in orders
        if order.ships_on == ShipsOn.PAYMENT
        for line in lines
        if not line.is_return_line and line.net_unit_price
    ]
    if not line_ids:
        return {}
    paid = read_paid(session, line_ids)
    return {line_id: paid.get(line_id, NONE) for line_id in line_ids}


def sum_unbilled(
    session: Session, orders: Sequence[tuple[Order, Sequence[OrderLine]]]
) -> dict[str, int]:
    """What of each of these orders is to be billed and is not, with tax, in minor units, by order id."""
    unbilled: Mapping[str, Decimal] = {
        one.line_id: max(one.to_bill, NONE)
        for money in read_money_of(session, orders).values()
        for one in money
    }
    return {
        order.order_id: totals(
            line.part(unbilled[line.line_id]) for line in lines if line.line_id in unbilled
        ).gross
        for order, lines in orders
    }


def is_billed_on_order(order: Order) -> bool:
    """Whether an order is billed by its lines and not with its shipments."""
    return order.bills_on == BillsOn.ORDER
