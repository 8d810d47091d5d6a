"""Credit or replace what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.database import fetch_all_for_change, fetch_for_change
from services.sales.confirming.usecases import confirm_order
from services.sales.drafting.usecases import create_order
from services.sales.fulfilment.usecases import record_returned
from services.sales.orders.models import Order
from services.sales.return_answers import queries, rules
from services.sales.return_credits.queries import find_voids, read_answers
from services.sales.return_credits.rules import CREDIT, REPLACEMENT, is_credited
from services.sales.return_credits.usecases import give_answers, settle_known
from services.sales.return_parts.models import ReturnPart
from services.sales.return_parts.usecases import find_unanswered
from services.sales.returns import events
from services.sales.returns.models import Return
from services.sales.returns.rules import Action, Quantities, require_move
from services.sales.returns.usecases import tell
from services.sales.shipments.queries import read_lines


class Crediting(NamedTuple):
    """Parts of a locked return that billing is to credit, less a fee. `lowered` is what stays with the
    client for less; it goes with the first of them."""

    found: Return
    parts: Sequence[ReturnPart]
    fee_percent: Decimal
    note: str | None = None
    lowered: Sequence[Mapping[str, Any]] = ()


def credit_return(
    session: Session,
    *,
    return_id: str,
    restocking_fee_percent: Decimal,
    note: str | None,
    now: datetime,
    by: str,
) -> Return:
    """Have billing credit what was accepted and is not answered, each part once."""
    found = fetch_for_change(session, Return, return_id)
    require_move(Action.CREDIT, status=found.status, number=found.number)
    parts = find_unanswered(session, found)
    rules.require_accepted(len(parts), number=found.number)
    earlier = read_answers(session, return_id=return_id)
    lowered = [] if any(one.kind == CREDIT for one in earlier) else found.lowered
    for one in parts if not lowered else ():
        rules.require_credit(
            queries.find_accepted(found, one),
            fee_percent=restocking_fee_percent,
            number=found.number,
            part=one.part,
        )
    asked = Crediting(found, parts, restocking_fee_percent, note, lowered)
    ask_for_credit(session, [asked], now=now, by=by)
    session.flush()
    follow_credit(session, [asked], now=now, by=by)
    session.flush()
    return found


def ask_for_credit(session: Session, asked: Iterable[Crediting], *, now: datetime, by: str) -> None:
    """Have billing credit parts of locked returns, each once. The caller has it written, and followed."""
    for one in asked:
        fee = one.fee_percent
        give_answers(session, one.parts, kind=CREDIT, fee_percent=fee, now=now, by=by)
        _tell_accepted(session, one, now=now, by=by)


def follow_credit(session: Session, asked: Sequence[Crediting], *, now: datetime, by: str) -> None:
    """What is credited has come back of the order that brings it; what somebody credited by hand before
    is settled."""
    _take_back(session, [(one.found, one.parts) for one in asked])
    named = find_voids(session, return_ids={one.found.return_id for one in asked})
    parts = [(one.found.return_id, part.part) for one in asked for part in one.parts]
    by_hand = [part for part in parts if part in named and is_credited(named[part].values())]
    if by_hand:
        settle_known(session, by_hand, now=now, by="billing")


def _tell_accepted(session: Session, asked: Crediting, *, now: datetime, by: str) -> None:
    found, fee, lowered = asked.found, asked.fee_percent, asked.lowered
    for one in asked.parts:
        lines = rules.say_credit(
            queries.find_accepted(found, one), fee_percent=fee, lowered=lowered
        )
        facts = {"part": one.part, "currency": found.currency, "lines": lines}
        how: dict[str, Any] = {"now": now, "by": by, "part": one.part, "note": asked.note}
        how["quantities"] = _with(found, one, "answered")
        tell(session, found, Action.CREDIT, events.ReturnAccepted, facts=facts, **how)
        lowered = []


def replace_return(
    session: Session, *, return_id: str, note: str | None, today: date, now: datetime, by: str
) -> Return:
    """Order others in place of what was accepted and is not answered."""
    found = fetch_for_change(session, Return, return_id)
    require_move(Action.REPLACE, status=found.status, number=found.number)
    parts = find_unanswered(session, found)
    rules.require_accepted(len(parts), number=found.number)
    products = {line.line_id: line.order_line.product_id for line in found.lines}
    wanted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in (line for one in parts for line in one.lines if line.accepted):
        wanted[products[line.line_id]] += line.accepted
    order = order_replacement(session, found, wanted, today=today, now=now, by=by)
    answer: dict[str, Any] = {
        "kind": REPLACEMENT,
        "order_id": order.order_id,
        "settled_at": now,
    }
    give_answers(session, parts, **answer, now=now, by=by)
    _take_back(session, [(found, parts)])
    quantities: dict[str, Quantities] = {}
    for one in parts:
        quantities |= _with(found, one, "answered", "replaced", before=quantities)
    how: dict[str, Any] = {"now": now, "by": by, "note": note, "about": order.order_id}
    tell(
        session,
        found,
        Action.REPLACE,
        events.ReturnReplaced,
        facts={"replacement_order_id": order.order_id},
        quantities=quantities,
        **how,
    )
    session.flush()
    return found


def order_replacement(
    session: Session,
    found: Return,
    wanted: Mapping[str, Any],
    *,
    today: date,
    now: datetime,
    by: str,
) -> Order:
    """Order products at no price in the place of a locked return, and confirm it at once: it goes where
    the goods went. Refused as a confirmation is."""
    sold = session.get_one(Order, found.order_id)
    none = {"promised_on": None, "note": None, "returns_line_id": None}
    lines = [
        {"product_id": product_id, "quantity": quantity, "unit_price": 0, **none}
        | {"discount_percent": Decimal(0)}
        for product_id, quantity in wanted.items()
    ]
    order = create_order(
        session,
        account_id=found.account_id,
        currency=found.currency,
        reference=sold.reference,
        is_billed_apart=False,
        note=f"In place of return {found.number}.",
        bills_on="shipment",
        ships_on="order",
        deposit_percent=None,
        lines=lines,
        today=today,
        now=now,
        by=by,
        replaces_return_id=found.return_id,
        delivery_address=sold.delivery_address,
    )
    return confirm_order(session, order_id=order.order_id, today=today, now=now, by=by)


def _take_back(session: Session, answered: Iterable[tuple[Return, Sequence[ReturnPart]]]) -> None:
    """What came back for lines below nothing has come back of their orders."""
    back: defaultdict[str, Decimal] = defaultdict(Decimal)
    order_ids: set[str] = set()
    for found, parts in answered:
        if found.for_order_id is not None:
            order_ids.add(found.for_order_id)
            for_lines = {line.line_id: str(line.for_line_id) for line in found.lines}
            for line in (line for one in parts for line in one.lines):
                back[for_lines[line.line_id]] += line.accepted
    if not order_ids:
        return
    orders = fetch_all_for_change(session, Order, order_ids)
    lines = read_lines(session, order_ids=order_ids)
    taken = {
        line.line_id: min(back[line.line_id], -line.quantities.open)
        for of_one in lines.values()
        for line in of_one
        if line.is_return_line and line.quantities.open and back[line.line_id]
    }
    counted = [(one, lines[one.order_id]) for one in orders]
    begun = [one for one in counted if any(line.line_id in taken for line in one[1])]
    if begun:
        record_returned(session, begun, taken)


def _with(
    found: Return, one: ReturnPart, *names: str, before: Mapping[str, Quantities] | None = None
) -> dict[str, Quantities]:
    """The quantities with what was accepted of a part added under these names."""
    accepted = {line.line_id: line.accepted for line in one.lines}
    return {
        line.line_id: (before or {})
        .get(line.line_id, line.quantities)
        .add(**dict.fromkeys(names, accepted[line.line_id]))
        for line in found.lines
        if line.line_id in accepted
    }
