"""Receive returns, inspect what came, and undo a wrong inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from services.sales.places.usecases import require_places
from services.sales.return_parts import queries, rules
from services.sales.return_parts.models import ReturnPart, ReturnPartLine
from services.sales.return_parts.rules import NOTHING, Fate
from services.sales.returns import events
from services.sales.returns.models import Return
from services.sales.returns.rules import Action, require_gone, require_move, require_not_to_come
from services.sales.returns.usecases import advance, tell
from services.sales.stock.rules import NewMove
from services.sales.stock.usecases import record_moves


def receive_return(
    session: Session,
    *,
    return_id: str,
    lines: Sequence[Mapping[str, Any]] | None,
    received_on: date | None,
    place_id: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Return:
    """Note what has come, all or a part: it is to be inspected."""
    found = fetch_for_change(session, Return, return_id)
    require_move(Action.RECEIVE, status=found.status, number=found.number)
    outstanding = {line.line_id: line.quantities.outstanding for line in found.lines}
    came = rules.choose_received(lines, outstanding=outstanding, number=found.number)
    day = require_not_to_come(received_on, today=today, field="received_on")
    if day < today:
        passed = queries.read_passed(session, line_ids=came)
        require_gone(day, came, passed, sent_on=found.sent_on, field="received_on")
    if place_id is not None:
        require_places(session, {place_id})
    part = len(queries.read_parts(session, return_id=return_id)) + 1
    receive(session, found, came, part=part, received_on=day, place_id=place_id, now=now, by=by)
    session.flush()
    return found


def receive(
    session: Session,
    found: Return,
    came: Mapping[str, Decimal],
    *,
    part: int,
    received_on: date,
    now: datetime,
    by: str,
    place_id: str | None = None,
) -> ReturnPart:
    """Note what has come of a locked return: which part of it that is. The caller has it written."""
    one = ReturnPart(
        of=found,
        part=part,
        received_on=received_on,
        received_at=now,
        received_by=by,
        place_id=place_id,
        inspections=0,
        lines=[
            ReturnPartLine(
                line_id=line.line_id,
                position=line.position,
                received=came[line.line_id],
                **NOTHING._asdict(),
            )
            for line in found.lines
            if line.line_id in came
        ],
    )
    session.add(one)
    told = [{"line_id": key, "quantity": many} for key, many in came.items()]
    quantities = {
        line.line_id: line.quantities.add(received=came[line.line_id])
        for line in found.lines
        if line.line_id in came
    }
    facts = {"part": part, "received_on": received_on, "lines": told}
    how: dict[str, Any] = {"now": now, "by": by, "part": part, "quantities": quantities}
    tell(session, found, Action.RECEIVE, events.ReturnReceived, facts=facts, **how)
    return one


def inspect_part(
    session: Session,
    *,
    return_id: str,
    part: int | None,
    lines: Sequence[Mapping[str, Any]],
    note: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Return:
    """Say what becomes of what came, line by line: what is restocked and scrapped moves the stock."""
    found = fetch_for_change(session, Return, return_id)
    require_move(Action.INSPECT, status=found.status, number=found.number)
    one = _choose(session, found, part)
    rules.require_not_inspected(part=one.part, is_inspected=one.is_inspected, number=found.number)
    received = {line.line_id: line.received for line in one.lines}
    fates = rules.choose_fates(lines, received=received, number=found.number)
    moves = inspect(session, found, one, fates, note=note, today=today, now=now, by=by)
    session.flush()
    _record(session, moves, today=today, now=now, by=by)
    return found


def inspect(
    session: Session,
    found: Return,
    one: ReturnPart,
    fates: Mapping[str, Fate],
    *,
    note: str | None,
    today: date,
    now: datetime,
    by: str,
) -> list[NewMove]:
    """Note what becomes of a part of a locked return; how the stock moves by it, which the caller has
    recorded."""
    moves = _decide(found, one, fates, note=note, today=today, now=now, by=by)
    told = [
        {"line_id": line_id, "outcome": outcome, "quantity": quantity}
        for line_id, fate in fates.items()
        for outcome, quantity in fate._asdict().items()
        if quantity
    ]
    facts = {"part": one.part, "lines": told}
    how: dict[str, Any] = {"now": now, "by": by, "part": one.part, "note": note}
    how["quantities"] = _with(found, fates)
    tell(session, found, Action.INSPECT, events.ReturnInspected, facts=facts, **how)
    return moves


def undo_inspection(
    session: Session,
    *,
    return_id: str,
    part: int,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Return:
    """Have a part that is neither credited nor replaced inspected again: the stock moves back."""
    found = fetch_for_change(session, Return, return_id)
    require_move(Action.UNDO, status=found.status, number=found.number)
    one = _choose(session, found, part)
    rules.require_not_answered(one.answer, part=part, number=found.number)
    rules.require_inspected(part=part, is_inspected=one.is_inspected, number=found.number)
    fates = {line.line_id: _fate(line) for line in one.lines}
    moves = _moves(found, one, fates, is_undone=True, today=today)
    _record(session, moves, today=today, now=now, by=by)
    for line in one.lines:
        line.restocked = line.scrapped = line.rejected = Decimal(0)
    one.inspected_at = one.inspected_by = one.note = None
    facts = {"part": part, "reason": reason}
    how: dict[str, Any] = {"now": now, "by": by, "part": part, "note": reason}
    how["quantities"] = _with(found, fates, sign=-1)
    tell(session, found, Action.UNDO, events.ReturnInspectionUndone, facts=facts, **how)
    session.flush()
    return found


def reject_rest(
    session: Session, *, return_id: str, reason: str, today: date, now: datetime, by: str
) -> Return:
    """Reject all that is not inspected yet, and wait for no more."""
    found = fetch_for_change(session, Return, return_id)
    require_move(Action.REFUSE, status=found.status, number=found.number)
    rejected: dict[str, Decimal] = {}
    for one in queries.read_parts(session, return_id=return_id):
        if not one.is_inspected:
            fates = {line.line_id: NOTHING._replace(rejected=line.received) for line in one.lines}
            _decide(found, one, fates, note=reason, today=today, now=now, by=by)  # nothing moves
            for line_id, fate in fates.items():
                rejected[line_id] = rejected.get(line_id, Decimal(0)) + fate.rejected
    quantities = {
        line.line_id: line.quantities.add(
            rejected=rejected.get(line.line_id, Decimal(0))
        ).drop_rest()
        for line in found.lines
    }
    how: dict[str, Any] = {"now": now, "by": by, "note": reason, "quantities": quantities}
    advance(session, found, Action.REFUSE, event=None, **how)
    session.flush()
    return found


def find_unanswered(session: Session, found: Return) -> list[ReturnPart]:
    """The parts of a locked return of which something was accepted and is not answered."""
    parts = queries.read_parts(session, return_id=found.return_id)
    return [one for one in parts if one.answer is None and any(line.accepted for line in one.lines)]


def mark_answered(parts: Sequence[ReturnPart], *, answer: str) -> None:
    """Note what is given for parts, of a return that the caller has locked and has written."""
    for one in parts:
        one.answer = answer


def _decide(
    found: Return,
    one: ReturnPart,
    fates: Mapping[str, Fate],
    *,
    note: str | None,
    today: date,
    now: datetime,
    by: str,
) -> list[NewMove]:
    one.inspections += 1
    one.inspected_at, one.inspected_by, one.note = now, by, note
    for line in one.lines:
        fate = fates[line.line_id]
        line.restocked, line.scrapped, line.rejected = fate
    return _moves(found, one, fates, today=today)


def _moves(
    found: Return,
    one: ReturnPart,
    fates: Mapping[str, Fate],
    *,
    today: date,
    is_undone: bool = False,
) -> list[NewMove]:
    products = {line.line_id: line.order_line.product_id for line in found.lines}
    return rules.moves_of(
        [(line_id, products[line_id], fate) for line_id, fate in fates.items()],
        return_id=found.return_id,
        part=one.part,
        inspection=one.inspections,
        moved_on=today,
        place_id=one.place_id,
        is_undone=is_undone,
    )


def _record(
    session: Session, moves: Sequence[NewMove], *, today: date, now: datetime, by: str
) -> None:
    if moves:
        record_moves(session, moves, today=today, now=now, by=by)


def _choose(session: Session, found: Return, part: int | None) -> ReturnPart:
    """The part that is meant: the one named, else the first that is not inspected."""
    parts = queries.read_parts(session, return_id=found.return_id)
    chosen = [one for one in parts if (not one.is_inspected if part is None else one.part == part)]
    rules.require_part(chosen[0].part if chosen else None, number=found.number)
    return chosen[0]


def _fate(line: ReturnPartLine) -> Fate:
    return Fate(line.restocked, line.scrapped, line.rejected)


def _with(found: Return, fates: Mapping[str, Fate], *, sign: int = 1) -> dict[str, Any]:
    return {
        line.line_id: line.quantities.add(
            **{name: sign * many for name, many in fates[line.line_id]._asdict().items()}
        )
        for line in found.lines
        if line.line_id in fates
    }
