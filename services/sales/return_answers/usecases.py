"""Credit or replace what came back, and take what billing says to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows
from chassis.database import fetch_all_for_change, fetch_for_change
from services.sales.orders.models import Order
from services.sales.orders.usecases import confirm_order, create_order, record_returned
from services.sales.return_answers import queries, rules
from services.sales.return_answers.models import ReturnAnswer, ReturnCreditNote
from services.sales.return_parts.models import ReturnPart
from services.sales.return_parts.usecases import find_unanswered, mark_answered
from services.sales.returns import events
from services.sales.returns.models import Return, ReturnLine
from services.sales.returns.rules import Action, Quantities, require_move
from services.sales.returns.usecases import advance, raise_problem, set_problem, tell


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
    answer: dict[str, Any] = {"kind": rules.CREDIT, "fee_percent": restocking_fee_percent}
    _answer(session, found, parts, **answer, now=now, by=by)
    for one in parts:
        accepted = _accepted(found, one)
        lines = rules.say_credit(accepted, fee_percent=restocking_fee_percent, lowered=lowered)
        facts = {"part": one.part, "currency": found.currency, "lines": lines}
        how: dict[str, Any] = {"now": now, "by": by, "part": one.part, "note": note}
        how["quantities"] = _with(found, one, "answered")
        tell(session, found, Action.CREDIT, events.ReturnAccepted, facts=facts, **how)
        lowered = []
        if _is_credited_by_hand(session, return_id, one.part):
            _settle(session, found, one.part, ids=(), now=now, by="billing")
    return found


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
    _answer(session, found, parts, **answer, now=now, by=by)
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
    voids = queries.find_voids(session, return_id=found.return_id, part=part)
    if answer is None or not rules.is_credited(voids):
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
    voids = queries.find_voids(session, return_id=found.return_id, part=part)
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
    found: Return,
    parts: Sequence[ReturnPart],
    *,
    kind: str,
    now: datetime,
    by: str,
    **facts: Any,
) -> None:
    """Keep what is given for parts. What came back for lines below nothing has come back of their
    order."""
    mark_answered(session, parts, answer=kind)
    for one in parts:
        key = {"return_id": found.return_id, "part": one.part}
        session.add(ReturnAnswer(**key, kind=kind, answered_at=now, answered_by=by, **facts))
    session.flush()
    if found.for_order_id is not None:
        _take_back(session, found, parts)


def _take_back(session: Session, found: Return, parts: Sequence[ReturnPart]) -> None:
    order = fetch_for_change(session, Order, str(found.for_order_id))
    back: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in (line for one in parts for line in one.lines):
        back[line.line_id] += line.accepted
    open_ = {line.line_id: -line.quantities.open for line in order.lines if line.is_return_line}
    quantities = {
        str(line.for_line_id): min(back[line.line_id], open_[str(line.for_line_id)])
        for line in found.lines
        if line.for_line_id is not None
    }
    taken = {line_id: quantity for line_id, quantity in quantities.items() if quantity > 0}
    if taken:
        record_returned(session, order, quantities=taken)


def _accepted(found: Return, one: ReturnPart) -> list[rules.Accepted]:
    lines = {line.line_id: line for line in found.lines}
    return [
        rules.Accepted(
            line_id=each.line_id,
            quantity=each.accepted,
            net_unit_price=lines[each.line_id].order_line.net_unit_price,
            unit_price=lines[each.line_id].unit_price,
            unsold=_unsold(lines[each.line_id]),
        )
        for each in one.lines
        if each.accepted
    ]


def _unsold(line: ReturnLine) -> dict[str, Any] | None:
    if not line.is_unsold:
        return None
    return {
        "description": line.order_line.description,
        "unit_price": line.order_line.net_unit_price,
        "tax_percent": line.order_line.tax_percent,
    }


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


def _is_credited_by_hand(session: Session, return_id: str, part: int) -> bool:
    voids = queries.find_voids(session, return_id=return_id, part=part)
    return bool(voids) and rules.is_credited(voids)


def _lock(session: Session, return_id: str) -> Return | None:
    return next(iter(fetch_all_for_change(session, Return, [return_id])), None)


def _lock_all(session: Session, notes: Rows) -> Sequence[Return]:
    return fetch_all_for_change(session, Return, {one["return_id"] for one in notes})


def _part_of(note: Mapping[str, Any]) -> int:
    return note["return_part"] or 1


def _row(key: str, return_id: str, part: int, **facts: Any) -> dict[str, Any]:
    return {"credit_note_id": key, "return_id": return_id, "part": part, "is_void": False, **facts}
