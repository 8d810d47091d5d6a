"""Take what billing says to the credits that it was asked for: of many returns at once, in a number of
statements that does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import Rows
from chassis.database import fetch_all_for_change
from services.sales.return_credits import queries, rules
from services.sales.return_credits.models import ReturnAnswer
from services.sales.return_credits.queries import Part
from services.sales.return_parts.models import ReturnPart
from services.sales.return_parts.usecases import mark_answered
from services.sales.returns import events
from services.sales.returns.models import Return, ReturnLine
from services.sales.returns.rules import Action, Quantities
from services.sales.returns.usecases import advance, raise_problem, set_problem, tell

_KEEP_NOTES = text("""
    INSERT INTO return_credit_note AS known (credit_note_id, return_id, part, number, is_void)
    SELECT credit_note_id, return_id, part, number, is_void
    FROM json_populate_recordset(NULL::return_credit_note, :rows)
    ON CONFLICT (credit_note_id) DO UPDATE SET
        number = coalesce(excluded.number, known.number),
        is_void = known.is_void OR excluded.is_void
""")
_ANSWER = select(ReturnAnswer).from_statement(
    text("""
    UPDATE return_answer AS known SET settled_at = told.settled_at, problem = told.problem
    FROM json_populate_recordset(NULL::return_answer, :rows) AS told
    WHERE (known.return_id, known.part) = (told.return_id, told.part)
    RETURNING known.*
    """)
)
_MOVED = (
    *("status", "waits_for", "waits_since", "ended_at"),
    *("problem", "contact_reason", "contact_version", "steps"),
)
"""What `advance` and its like change in memory."""
_MOVE = select(Return).from_statement(
    text("""
    UPDATE "return" AS known
    SET version = known.version + 1, status = told.status, waits_for = told.waits_for,
        waits_since = told.waits_since, ended_at = told.ended_at, problem = told.problem,
        contact_reason = told.contact_reason, contact_version = told.contact_version,
        steps = told.steps
    FROM json_populate_recordset(NULL::"return", :rows) AS told
    WHERE known.return_id = told.return_id
    RETURNING known.*
    """)
)
_COUNT = select(ReturnLine).from_statement(
    text("""
    UPDATE return_line AS known SET credited = told.credited
    FROM json_populate_recordset(NULL::return_line, :rows) AS told
    WHERE (known.return_id, known.line_id) = (told.return_id, told.line_id)
    RETURNING known.*
    """)
)
_ANSWERED = ("settled_at", "problem")
_CHANGED = {"populate_existing": True}


def give_answers(
    session: Session,
    parts: Sequence[ReturnPart],
    *,
    kind: str,
    now: datetime,
    by: str,
    **facts: Any,
) -> None:
    """Keep what is given for parts, of returns that the caller has locked and has written."""
    mark_answered(parts, answer=kind)
    for one in parts:
        session.add(ReturnAnswer(of=one, kind=kind, answered_at=now, answered_by=by, **facts))


def settle_known(session: Session, parts: Sequence[Part], *, now: datetime, by: str) -> None:
    """Settle parts that billing was asked to credit and somebody has credited by hand before."""
    desk = _open_desk(session, [return_id for return_id, _ in parts], now=now, by=by)
    for part in parts:
        desk.settle(part, ids=())
    desk.write()


def settle_returns(session: Session, settled: Rows, *, now: datetime, by: str) -> None:
    """Note that billing has credited parts. Twice, late or early, it is the same."""
    desk = _open_desk(session, [one["return_id"] for one in settled], now=now, by=by)
    for one in settled:
        part = one["return_id"], one["part"]
        if one["return_id"] in desk.returns:
            for key in one["credit_note_ids"]:
                desk.hear(part, key)
            desk.settle(part, ids=one["credit_note_ids"])
    desk.write()


def note_not_credited(
    session: Session, refused: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Note that billing cannot credit parts: a person is to."""
    desk = _open_desk(session, [one["return_id"] for one in refused], now=now, by=by)
    for one in refused:
        desk.refuse((one["return_id"], one["part"]), why=one["reason"], today=today)
    desk.write()


def take_notes(session: Session, notes: Rows, *, now: datetime, by: str) -> None:
    """Take credit notes that name returns: each credits its part, whoever issued it."""
    named = [one for one in notes if one["return_id"] is not None]
    desk = _open_desk(session, [one["return_id"] for one in named], now=now, by=by)
    for one in named:
        part, key = _part_of(one), one["credit_note_id"]
        desk.hear(part, key, number=one["number"])
        desk.settle(part, ids=[key])
    desk.write()


def take_voids(session: Session, notes: Rows, *, today: date, now: datetime, by: str) -> None:
    """Take that credit notes are void: what no other credits is to be credited anew, by a person."""
    named = [one for one in notes if one["return_id"] is not None]
    desk = _open_desk(session, [one["return_id"] for one in named], now=now, by=by)
    for one in named:
        part = _part_of(one)
        desk.hear(part, one["credit_note_id"], number=one["number"], is_void=True)
        desk.unsettle(part, why=rules.say_voided(one["number"]), today=today)
    desk.write()


@dataclass
class _Desk:
    """Locked returns that billing speaks of, and all on which their credits depend: what is heard changes
    it in memory, in its order, and is written at once."""

    session: Session
    returns: Mapping[str, Return]
    answers: Mapping[Part, ReturnAnswer]
    parts: Mapping[Part, ReturnPart]
    voids: Mapping[Part, dict[str, bool]]
    now: datetime
    by: str
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)
    touched: set[Part] = field(default_factory=set)

    def hear(
        self, part: Part, key: str, *, number: str | None = None, is_void: bool = False
    ) -> None:
        """A credit note names a part; one that was void stays so."""
        is_void = is_void or self.voids[part].get(key, False)
        self.voids[part][key] = is_void
        known = self.heard.get(key, {"number": None})
        told = {"return_id": part[0], "part": part[1], "number": number or known["number"]}
        self.heard[key] = {"credit_note_id": key, **told, "is_void": is_void}

    def settle(self, part: Part, *, ids: Collection[str]) -> None:
        """A part is credited, if billing was asked for it and a credit note stands."""
        answer, notes = self.answers.get(part), self.voids[part]
        if answer is None or not _is_pending(answer) or not rules.is_credited(notes.values()):
            return
        answer.settled_at, answer.problem = self.now, None
        known = [*ids] or sorted(key for key, is_void in notes.items() if not is_void)
        found = self.returns[part[0]]
        set_problem(self.session, found, problem=self._problem(found), now=self.now)
        tell(
            self.session,
            found,
            Action.SETTLE,
            events.ReturnCredited,
            facts={"part": part[1], "credit_note_ids": known},
            part=part[1],
            about=", ".join(known) or None,
            quantities=self._count(part, sign=1),
            now=self.now,
            by=self.by,
        )
        self.touched.add(part)

    def refuse(self, part: Part, *, why: str, today: date) -> None:
        """A part cannot be credited by billing, if it was asked to and has not said so before."""
        answer = self.answers.get(part)
        if answer is None or not _is_pending(answer) or answer.problem is not None:
            return
        answer.problem = why
        told: dict[str, Any] = {"part": part[1], "event": "return_refused", "problem": why}
        moment: dict[str, Any] = {"today": today, "now": self.now, "by": self.by}
        raise_problem(self.session, self.returns[part[0]], **told, **moment)
        self.touched.add(part)

    def unsettle(self, part: Part, *, why: str, today: date) -> None:
        """A part is to be credited anew, if no credit note of it stands."""
        answer = self.answers.get(part)
        is_settled = answer is not None and answer.kind == rules.CREDIT and answer.settled_at
        if answer is None or not is_settled or rules.is_credited(self.voids[part].values()):
            return
        answer.settled_at, answer.problem = None, why
        found = self.returns[part[0]]
        told: dict[str, Any] = {"part": part[1], "event": "credit_note_voided"}
        moment: dict[str, Any] = {"now": self.now, "by": self.by}
        quantities = self._count(part, sign=-1)
        advance(
            self.session,
            found,
            Action.UNSETTLE,
            note=why,
            quantities=quantities,
            **told,
            **moment,
        )
        raise_problem(self.session, found, problem=why, today=today, **told, **moment)
        self.touched.add(part)

    def write(self) -> None:
        """Write what has changed."""
        with self.session.no_autoflush:  # rows that carry a version are flushed one by one
            if self.heard:
                self.session.execute(_KEEP_NOTES, {"rows": _dump(self.heard.values())})
            if self.touched:
                self._write_touched()

    def _write_touched(self) -> None:
        answers = [self.answers[part] for part in self.touched]
        return_ids = {return_id for return_id, _ in self.touched}
        moved = [self.returns[return_id] for return_id in sorted(return_ids)]
        lines = [line for found in moved for line in found.lines]
        counted = [_facts(one, "return_id", "line_id") for one in lines]
        for row, line in zip(counted, lines, strict=True):
            row["credited"] = line.quantities.credited
        self._write(_ANSWER, [_facts(one, "return_id", "part", *_ANSWERED) for one in answers])
        self._write(_COUNT, counted)
        self._write(_MOVE, [_facts(one, "return_id", *_MOVED) for one in moved])

    def _write(self, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        told = {"rows": _dump(rows)}
        self.session.scalars(statement, told, execution_options=_CHANGED).all()

    def _count(self, part: Part, *, sign: int) -> dict[str, Quantities]:
        accepted = {line.line_id: line.accepted for line in self.parts[part].lines}
        return {
            line.line_id: line.quantities.add(credited=sign * accepted[line.line_id])
            for line in self.returns[part[0]].lines
            if line.line_id in accepted
        }

    def _problem(self, found: Return) -> str | None:
        """Why billing does not credit some part of a return; none if it does."""
        problems = (
            one.problem
            for (return_id, _), one in self.answers.items()
            if return_id == found.return_id
        )
        return next((one for one in problems if one is not None), None)


def _open_desk(session: Session, return_ids: Collection[str], *, now: datetime, by: str) -> _Desk:
    """Lock those of these returns that there are, and read what their credits depend on."""
    wanted = {*return_ids}
    found = fetch_all_for_change(session, Return, wanted)
    queries.load_lines(session, found)
    return _Desk(
        session,
        returns={one.return_id: one for one in found},
        answers=queries.find_answers(session, return_ids=wanted),
        parts=queries.find_parts(session, return_ids=wanted),
        voids=queries.find_voids(session, return_ids=wanted),
        now=now,
        by=by,
    )


def _is_pending(answer: ReturnAnswer) -> bool:
    """Whether it is a credit that billing was asked for and has not settled."""
    return answer.kind == rules.CREDIT and answer.settled_at is None


def _part_of(note: Mapping[str, Any]) -> Part:
    return note["return_id"], note["return_part"] or 1


def _facts(row: object, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _dump(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps([*rows], default=str)
