"""Reads of order exceptions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.order_exceptions.models import OrderException, OrderExceptionLine
from services.sales.order_exceptions.rules import ExceptionKind


def get_exception(session: Session, *, exception_id: str) -> OrderException:
    """One exception with its lines."""
    return fetch(session, OrderException, exception_id)


def list_exceptions(
    session: Session,
    *,
    account_id: str | None,
    order_id: str | None,
    is_settled: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of exceptions, the oldest first."""
    statement = select(OrderException)
    if account_id is not None:
        statement = statement.where(OrderException.account_id == account_id)
    if order_id is not None:
        statement = statement.where(OrderException.order_id == order_id)
    if is_settled is not None:
        statement = statement.where(OrderException.settled_as.is_not(None) == is_settled)
    by = [OrderException.raised_at, OrderException.number]
    return read_page(session, statement, by=by, limit=limit, after=after)


def is_raised(session: Session, *, kind: ExceptionKind, about: str) -> bool:
    """Whether there is an exception about a shipment or an invoice; or an open one about an order of
    which too much is billed, as that may happen again."""
    if kind == ExceptionKind.BILLED_TOO_MUCH:
        return bool(find_billed_too_much(session, order_ids=[about]))
    raised = select(OrderException.exception_id).where(OrderException.about == about)
    return session.scalars(raised).first() is not None


def find_billed_too_much(
    session: Session, *, order_ids: Collection[str]
) -> dict[str, OrderException]:
    """What says that too much of orders is billed and nobody has settled, by order id."""
    standing = select(OrderException).where(
        OrderException.order_id.in_(order_ids),
        OrderException.kind == ExceptionKind.BILLED_TOO_MUCH,
        OrderException.settled_as.is_(None),
    )
    return {one.order_id: one for one in session.scalars(standing)}


def find_open(session: Session, *, order_id: str) -> Sequence[OrderException]:
    """What of an order nobody has settled yet."""
    standing = select(OrderException).where(
        OrderException.order_id == order_id, OrderException.settled_as.is_(None)
    )
    return session.scalars(standing.order_by(OrderException.number)).all()


def read_left(session: Session, line_ids: Collection[str]) -> dict[str, Decimal]:
    """How much of order lines is not billed any more, by line id."""
    return _sum_left(session, line_ids, ExceptionKind.INVOICE_VOIDED)


def read_kept(session: Session, line_ids: Collection[str]) -> dict[str, Decimal]:
    """How much of order lines is billed too much and stays so, by line id."""
    return _sum_left(session, line_ids, ExceptionKind.BILLED_TOO_MUCH)


def _sum_left(
    session: Session, line_ids: Collection[str], kind: ExceptionKind
) -> dict[str, Decimal]:
    found = session.execute(
        select(OrderExceptionLine.line_id, func.sum(OrderExceptionLine.left))
        .join(OrderException, OrderException.exception_id == OrderExceptionLine.exception_id)
        .where(OrderExceptionLine.line_id.in_(line_ids), OrderException.kind == kind)
        .group_by(OrderExceptionLine.line_id)
    )
    return {line_id: quantity for line_id, quantity in found if quantity}
