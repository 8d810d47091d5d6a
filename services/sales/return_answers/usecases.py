"""Credit or replace what came back, and take what billing says to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows
from chassis.database import fetch_all_for_change, fetch_for_change
from services.sales.confirming.usecases import confirm_order
from services.sales.drafting.usecases import create_order
from services.sales.fulfilment.usecases import record_returned
from services.sales.orders.models import Order
from services.sales.return_answers import queries, rules
from services.sales.return_answers.models import ReturnAnswer, ReturnCreditNote
from services.sales.return_parts.models import ReturnPart
from services.sales.return_parts.usecases import find_unanswered, mark_answered
from services.sales.returns import events
from services.sales.returns.models import Return
from services.sales.returns.rules import Action, Quantities, require_move
from services.sales.returns.usecases import advance, raise_problem, set_problem, tell
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
    earlier = queries.read_answers(session, return_id=return_id)
    lowered = [] if any(one.kind == rules.CREDIT for one in earlier) else found.lowered
    asked = Crediting(found, parts, restocking_fee_percent, note, lowered)
    ask_for_credit(session, [asked], now=now, by=by)
    session.flush()
    follow_credit(session, [asked], now=now, by=by)
    session.flush()
    return found


def ask_for_credit(session: Session, asked: Iterable[Crediting], *, now: datetime, by: str) -> None:
    """Have billing credit parts of locked returns, each once. The caller has it written, and followed."""
    for one in asked:
        _answer(session, one.parts, kind=rules.CREDIT, fee_percent=one.fee_percent, now=now, by=by)
        _tell_accepted(session, one, now=now, by=by)


def follow_credit(session: Session, asked: Sequence[Crediting], *, now: datetime, by: str) -> None:
    """What is credited has come back of the order that brings it; what somebody credited by hand before
    is settled."""
    _take_back(session, [(one.found, one.parts) for one in asked])
    voids = queries.find_voids(session, return_ids={one.found.return_id for one in asked})
    for found, part in ((one.found, part.part) for one in asked for part in one.parts):
        if rules.is_credited(voids.get((found.return_id, part), [True])):
            _settle(session, found, part, ids=(), now=now, by="billing")


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
        "kind": rules.REPLACEMENT,
        "order_id": order.order_id,
        "settled_at": now,
    }
    _answer(session, parts, **answer, now=now, by=by)
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


def settle_return(
    session: Session,
    *,
    return_id: str,
    part: int,
    credit_note_ids: Sequence[str],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Note that billing has credited a part. Twice, late or early, it is the same."""
    found = _lock(session, return_id)
    if found is None:
        return
    rows = [_row(key, return_id, part) for key in credit_note_ids]
    insert_new_rows(session, ReturnCreditNote, rows)
    _settle(session, found, part, ids=credit_note_ids, now=now, by=by)


def note_not_credited(
    session: Session,
    *,
    return_id: str,
    part: int,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Note that billing cannot credit a part: a person is to."""
    found = _lock(session, return_id)
    answer = None if found is None else _pending(session, return_id, part)
    if found is None or answer is None or answer.problem is not None:
        return
    answer.problem = reason
    how: dict[str, Any] = {"part": part, "event": "return_refused", "problem": reason}
    raise_problem(session, found, **how, today=today, now=now, by=by)


def take_notes(session: Session, notes: Rows, *, today: date, now: datetime, by: str) -> None:
    """Take credit notes that name returns: each credits its part, whoever issued it."""
    named = [one for one in notes if one["return_id"] is not None]
    rows = [
        _row(one["credit_note_id"], one["return_id"], _part_of(one), number=one["number"])
        for one in named
    ]
    locked = {found.return_id: found for found in _lock_all(session, named)}
    insert_new_rows(session, ReturnCreditNote, rows)
    for one in named:
        found, key = locked.get(one["return_id"]), one["credit_note_id"]
        which = ReturnCreditNote.credit_note_id == key
        session.execute(update(ReturnCreditNote).where(which).values(number=one["number"]))
        if found is not None:
            _settle(session, found, _part_of(one), ids=[key], now=now, by=by)


def take_voids(session: Session, notes: Rows, *, today: date, now: datetime, by: str) -> None:
    """Take that credit notes are void: what no other credits is to be credited anew, by a person."""
    named = [one for one in notes if one["return_id"] is not None]
    locked = {found.return_id: found for found in _lock_all(session, named)}
    rows = [
        _row(one["credit_note_id"], one["return_id"], _part_of(one), number=one["number"])
        for one in named
    ]
    insert_new_rows(session, ReturnCreditNote, rows)
    for one in named:
        which = ReturnCreditNote.credit_note_id == one["credit_note_id"]
        session.execute(update(ReturnCreditNote).where(which).values(is_void=True))
        found = locked.get(one["return_id"])
        if found is not None:
            why = rules.say_voided(one["number"])
            _unsettle(session, found, _part_of(one), why=why, today=today, now=now, by=by)


def _settle(
    session: Session,
    found: Return,
    part: int,
    *,
    ids: Iterable[str],
    now: datetime,
    by: str,
) -> None:
    answer = _pending(session, found.return_id, part)
    if answer is None or not rules.is_credited(_voids(session, found, part)):
        return
    answer.settled_at, answer.problem = now, None
    known = [*ids] or [
        note.credit_note_id
        for note in queries.read_notes(session, return_id=found.return_id)
        if note.part == part and not note.is_void
    ]
    how: dict[str, Any] = {"now": now, "by": by, "part": part, "about": ", ".join(known) or None}
    how["quantities"] = _changed(session, found, part, sign=1)
    facts = {"part": part, "credit_note_ids": known}
    set_problem(session, found, problem=_problem(session, found), now=now)
    tell(session, found, Action.SETTLE, events.ReturnCredited, facts=facts, **how)


def _unsettle(
    session: Session,
    found: Return,
    part: int,
    *,
    why: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    answer = queries.find_answer(session, return_id=found.return_id, part=part)
    voids = _voids(session, found, part)
    is_settled = answer is not None and answer.kind == rules.CREDIT and answer.settled_at
    if answer is None or not is_settled or rules.is_credited(voids):
        return
    answer.settled_at, answer.problem = None, why
    how: dict[str, Any] = {"now": now, "by": by, "part": part, "note": why}
    how["quantities"] = _changed(session, found, part, sign=-1)
    advance(session, found, Action.UNSETTLE, event="credit_note_voided", **how)
    told: dict[str, Any] = {"part": part, "event": "credit_note_voided", "problem": why}
    raise_problem(session, found, **told, today=today, now=now, by=by)


def _answer(
    session: Session,
    parts: Sequence[ReturnPart],
    *,
    kind: str,
    now: datetime,
    by: str,
    **facts: Any,
) -> None:
    """Keep what is given for parts."""
    mark_answered(parts, answer=kind)
    for one in parts:
        session.add(ReturnAnswer(of=one, kind=kind, answered_at=now, answered_by=by, **facts))


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


def _changed(session: Session, found: Return, part: int, *, sign: int) -> dict[str, Quantities]:
    one = session.get_one(ReturnPart, (found.return_id, part))
    accepted = {line.line_id: line.accepted for line in one.lines}
    return {
        line.line_id: line.quantities.add(credited=sign * accepted[line.line_id])
        for line in found.lines
        if line.line_id in accepted
    }


def _problem(session: Session, found: Return) -> str | None:
    """Why billing does not credit some part of a return; none if it does."""
    answers = queries.read_answers(session, return_id=found.return_id)
    return next((one.problem for one in answers if one.problem is not None), None)


def _pending(session: Session, return_id: str, part: int) -> ReturnAnswer | None:
    """A credit that billing was asked for and has not settled."""
    answer = queries.find_answer(session, return_id=return_id, part=part)
    if answer is None or answer.kind != rules.CREDIT or answer.settled_at is not None:
        return None
    return answer


def _voids(session: Session, found: Return, part: int) -> Sequence[bool]:
    known = queries.find_voids(session, return_ids=[found.return_id])
    return known.get((found.return_id, part), [])


def _lock(session: Session, return_id: str) -> Return | None:
    return next(iter(fetch_all_for_change(session, Return, [return_id])), None)


def _lock_all(session: Session, notes: Rows) -> Sequence[Return]:
    return fetch_all_for_change(session, Return, {one["return_id"] for one in notes})


def _part_of(note: Mapping[str, Any]) -> int:
    return note["return_part"] or 1


def _row(key: str, return_id: str, part: int, **facts: Any) -> dict[str, Any]:
    return {"credit_note_id": key, "return_id": return_id, "part": part, "is_void": False, **facts}
