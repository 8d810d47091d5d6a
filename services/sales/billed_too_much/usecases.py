"""Have a person look at what of orders is billed too much, as long as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.outbox import announce
from services.sales.billed_too_much import queries
from services.sales.billed_too_much.events import OrderBillableChanged
from services.sales.order_exceptions import usecases as exceptions
from services.sales.order_exceptions.models import OrderException
from services.sales.order_exceptions.queries import find_billed_too_much
from services.sales.order_exceptions.rules import ITSELF, MENDED, ExceptionKind, Settlement
from services.sales.order_money.queries import read_money, read_money_of
from services.sales.order_money.rules import LineMoney
from services.sales.orders.models import Order
from services.sales.orders.queries import load_lines


def judge_orders(
    session: Session, orders: Collection[Order], *, today: date, now: datetime
) -> None:
    """Raise an exception for each of these orders, which are billed on order and the caller has locked,
    of which more is billed than is agreed by now; note how much it is where there is one; settle it where
    nothing is any more."""
    if orders:
        # Where they were counted anew, they are read again without their lines.
        load_lines(session, orders)
        money = read_money_of(session, [(order, order.lines) for order in orders])
        _judge(session, orders, money, today=today, now=now)


def judge_changed(
    session: Session, order_ids: Iterable[str], *, today: date, now: datetime
) -> None:
    """Tell what of these orders is to be billed in all, where they are billed on order, and have a person
    look where that is less than is billed."""
    orders = queries.fetch_billed_on_order(session, order_ids=set(order_ids))
    if orders:
        load_lines(session, orders)
        money = read_money_of(session, [(order, order.lines) for order in orders])
        for order in orders:
            _tell(session, order, money[order.order_id])
        _judge(session, orders, money, today=today, now=now)


def tell_billable(session: Session, order: Order) -> None:
    """Tell what of an order, which the caller has locked, is to be billed in all."""
    _tell(session, order, read_money(session, order))


def _tell(session: Session, order: Order, money: Sequence[LineMoney]) -> None:
    descriptions = {line.line_id: line.description for line in order.lines}
    announce(
        session,
        OrderBillableChanged,
        account_id=order.account_id,
        order_id=order.order_id,
        order_number=order.number,
        version=order.version,
        currency=order.currency,
        lines=[
            {
                "line_id": one.line_id,
                "description": descriptions[one.line_id],
                "quantity": one.billable + one.returned,
                "kept": one.kept,
            }
            for one in money
            if not one.is_free
        ],
    )


def _judge(
    session: Session,
    orders: Collection[Order],
    money: Mapping[str, Sequence[LineMoney]],
    *,
    today: date,
    now: datetime,
) -> None:
    standing = find_billed_too_much(session, order_ids=money.keys())
    for order in orders:
        undone = {one.line_id: one.too_much for one in money[order.order_id] if one.too_much}
        _note(session, order, standing.get(order.order_id), undone, today=today, now=now)


def _note(
    session: Session,
    order: Order,
    raised: OrderException | None,
    undone: Mapping[str, Decimal],
    *,
    today: date,
    now: datetime,
) -> None:
    if raised is None and undone:
        exceptions.raise_exception(
            session,
            account_id=order.account_id,
            order_id=order.order_id,
            order_number=order.number,
            currency=order.currency,
            kind=ExceptionKind.BILLED_TOO_MUCH,
            about=order.order_id,
            about_number=order.number,
            quantities=undone,
            today=today,
            now=now,
        )
    elif raised is not None and undone:
        exceptions.correct(session, raised, quantities=undone)
    elif raised is not None:
        how = Settlement.MENDED
        exceptions.note_settled(session, raised, how, left={}, reason=MENDED, now=now, by=ITSELF)
