"""Have something of an order billed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from kernel.refusals import Conflict
from services.sales.order_bills import usecases as order_bills
from services.sales.order_bills.models import OrderBill
from services.sales.order_bills.queries import find_standing_deposit
from services.sales.order_bills.rules import BillKind
from services.sales.order_bills.usecases import Named
from services.sales.order_money import rules
from services.sales.order_money.queries import is_billed_on_order, read_money, sum_unbilled
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import OrderStatus
from services.sales.orders.usecases import note_not_invoiced, say_line

Lines = Sequence[Mapping[str, Any]] | None


def draft_order_bill(
    session: Session, *, order_id: str, lines: Lines, now: datetime, by: str
) -> OrderBill:
    """Draft what of an order is to be billed: these lines, or all that is left."""
    order = _fetch_confirmed(session, order_id)
    rules.require_billed_on_order(order.bills_on, number=order.number)
    chosen = _choose(session, order, lines)
    bill = order_bills.draft(session, named(order), BillKind.LINES, now=now, by=by)
    order_bills.put_lines(bill, chosen)
    session.flush()
    return bill


def change_order_bill(session: Session, *, bill_id: str, lines: Lines) -> OrderBill:
    """Let a draft bill these lines instead, or all that is left."""
    order, bill = _lock(session, bill_id)
    order_bills.put_lines(bill, _choose(session, order, lines))
    session.flush()
    return bill


def ask_order_bill(session: Session, *, bill_id: str, now: datetime, by: str) -> OrderBill:
    """Have billing bill a draft; of no line more than is left to be billed."""
    order, bill = _lock(session, bill_id)
    wanted = [{"line_id": line.line_id, "quantity": line.quantity} for line in bill.lines]
    _choose(session, order, wanted)
    return order_bills.ask(session, bill, sold_lines(order), now=now, by=by)


def ask_for_more(
    session: Session, order: Order, agreed: Mapping[str, Decimal], *, now: datetime, by: str
) -> None:
    """Have billed what was added to an order that is billed on order, since so much of each line, by its
    id, was agreed. The caller has locked the order."""
    if not is_billed_on_order(order):
        return
    added = {
        one.line_id: min(one.ordered - agreed.get(one.line_id, rules.NONE), one.to_ask)
        for one in read_money(session, order)
    }
    chosen = {line_id: quantity for line_id, quantity in added.items() if quantity > 0}
    if chosen:
        bill = order_bills.draft(session, named(order), BillKind.LINES, now=now, by=by)
        order_bills.put_lines(bill, chosen)
        order_bills.ask(session, bill, sold_lines(order), now=now, by=by)


def count_unbilled(session: Session, orders: Iterable[tuple[Order, Sequence[OrderLine]]]) -> None:
    """Set anew what is not invoiced of those of these orders that are billed on order, from their lines
    and what became of them. The caller has locked the orders."""
    ours = [(order, lines) for order, lines in orders if is_billed_on_order(order)]
    if ours:
        unbilled = sum_unbilled(session, ours)
        amounts = {order.order_id: unbilled[order.order_id] - order.open_gross for order, _ in ours}
        note_not_invoiced(session, amounts)


def withdraw_order_bill(session: Session, *, bill_id: str, now: datetime, by: str) -> OrderBill:
    """Give a draft up."""
    _, bill = _lock(session, bill_id)
    return order_bills.withdraw(session, bill, now=now, by=by)


def give_up_order_bill(session: Session, *, bill_id: str, now: datetime, by: str) -> OrderBill:
    """Ask for what billing refused no more."""
    _, bill = _lock(session, bill_id)
    return order_bills.give_up(session, bill, now=now, by=by)


def ask_deposit_again(session: Session, *, order_id: str, now: datetime, by: str) -> OrderBill:
    """Ask for the deposit of an order again that billing refused, or whose invoice was voided."""
    order = _fetch_confirmed(session, order_id)
    if order.deposit_percent is None or order.is_ended:
        raise Conflict(
            "no_deposit",
            f"Order {order.number} is {order.status} and asks for no deposit; bill it ahead by hand, in "
            "billing.",
        )
    require_none_standing(session, order)
    return order_bills.ask_deposit(
        session, named(order), sold_lines(order), percent=order.deposit_percent, now=now, by=by
    )


def require_none_standing(session: Session, order: Order) -> None:
    """A deposit is asked for once at a time."""
    standing = find_standing_deposit(session, order_id=order.order_id)
    if standing is not None:
        raise Conflict(
            "deposit_asked",
            f"The deposit of order {order.number} is {standing.status} already; void its invoice first.",
        )


def named(order: Order) -> Named:
    """An order, as far as its bills name it."""
    return Named(order.account_id, order.order_id, order.number, order.reference, order.currency)


def sold_lines(order: Order) -> list[dict[str, Any]]:
    """The lines of an order that go out and cost something, as others are told of them."""
    return [
        say_line(line) for line in order.lines if not line.is_return_line and line.net_unit_price
    ]


def _fetch_confirmed(session: Session, order_id: str) -> Order:
    order = fetch_for_change(session, Order, order_id)
    if order.status == OrderStatus.DRAFT:
        raise Conflict(
            "order_draft", f"Order {order.number} is a draft; confirm it first.", state=order.status
        )
    return order


def _lock(session: Session, bill_id: str) -> tuple[Order, OrderBill]:
    """An order bill, locked after its order."""
    found = fetch(session, OrderBill, bill_id)
    order = fetch_for_change(session, Order, found.order_id)
    return order, fetch_for_change(session, OrderBill, bill_id)


def _choose(session: Session, order: Order, lines: Lines) -> dict[str, Decimal]:
    left = {one.line_id: one.to_ask for one in read_money(session, order) if not one.is_free}
    wanted = None if lines is None else [(line["line_id"], line["quantity"]) for line in lines]
    return rules.choose_lines(left, wanted, number=order.number)
