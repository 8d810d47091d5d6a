"""Raise order exceptions, and note how they are settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chassis.outbox import announce
from kernel.ids import new_id
from services.sales.events import ContactDue, ContactSettled
from services.sales.order_exceptions import queries, rules
from services.sales.order_exceptions.events import OrderExceptionRaised, OrderExceptionSettled
from services.sales.order_exceptions.models import OrderException, OrderExceptionLine
from services.sales.order_exceptions.rules import ExceptionKind, Settlement


def raise_exception(
    session: Session,
    *,
    account_id: str,
    order_id: str,
    order_number: str,
    currency: str,
    kind: ExceptionKind,
    about: str,
    about_number: str,
    quantities: Mapping[str, Decimal],
    today: date,
    now: datetime,
    shipment_id: str | None = None,
) -> OrderException | None:
    """Have a person settle what was undone of an order, once for what it is `about` (a cancelled shipment
    or a voided invoice; the order, of which one at a time is billed too much); `quantities` of which
    order lines. The caller has locked the order. None where it was raised before."""
    if queries.is_raised(session, kind=kind, about=about):
        return None
    facts: dict[str, Any] = {
        "exception_id": new_id("oex"),
        "account_id": account_id,
        "order_id": order_id,
        "order_number": order_number,
        "currency": currency,
        "kind": kind,
        "about": about,
        "about_number": about_number,
    }
    lines = [
        OrderExceptionLine(line_id=line_id, quantity=quantity, left=Decimal(0), position=position)
        for position, (line_id, quantity) in enumerate(quantities.items(), start=1)
    ]
    raised = OrderException(**facts, shipment_id=shipment_id, raised_at=now, lines=lines)
    session.add(raised)
    session.flush()
    told = [{"line_id": line.line_id, "quantity": line.quantity} for line in lines]
    announce(session, OrderExceptionRaised, **facts, lines=told)
    announce(
        session,
        ContactDue,
        **_reason_of(raised, version=1),
        since=today,
        amount=None,
        sentence=rules.say_raised(kind, about_number=about_number, order_number=order_number),
        roles=rules.ROLES,
        channel=None,
        earliest=None,
    )
    return raised


def correct(session: Session, raised: OrderException, *, quantities: Mapping[str, Decimal]) -> None:
    """Note of which lines how much an exception is about by now. The caller has locked its order."""
    known = {line.line_id: line for line in raised.lines}
    if {line_id: line.quantity for line_id, line in known.items()} == dict(quantities):
        return
    for line_id, quantity in quantities.items():
        line = known.get(line_id) or OrderExceptionLine(line_id=line_id, left=Decimal(0))
        line.quantity = quantity
        known[line_id] = line
    raised.lines[:] = [known[line_id] for line_id in quantities]
    for position, line in enumerate(raised.lines, start=1):
        line.position = position
    flag_modified(raised, "kind")  # so that the version counts changes of lines, too
    session.flush()


def note_settled(
    session: Session,
    raised: OrderException,
    how: Settlement,
    *,
    left: Mapping[str, Decimal],
    reason: str,
    now: datetime,
    by: str,
) -> None:
    """Note how an exception, which the caller has locked with its order, is settled, and what of its
    lines is left."""
    rules.require_settleable(raised.settled_as, how, number=raised.number)
    raised.settled_as, raised.settle_reason = how, reason
    raised.settled_at, raised.settled_by = now, by
    for line in raised.lines:
        line.left = left.get(line.line_id, Decimal(0))
    session.flush()
    names = ("account_id", "exception_id", "order_id", "order_number", "kind", "about")
    said = {name: getattr(raised, name) for name in names}
    told = {"settled_as": how, "reason": reason, "settled_by": by}
    announce(session, OrderExceptionSettled, **said, **told)
    announce(session, ContactSettled, **_reason_of(raised, version=2))


def _reason_of(raised: OrderException, *, version: int) -> dict[str, Any]:
    return {
        "account_id": raised.account_id,
        "reason": rules.ORDER_EXCEPTION,
        "about": raised.exception_id,
        "version": version,
        "currency": raised.currency,
    }
