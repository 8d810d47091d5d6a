"""What happens to clocks: targets are set; clocks are wound, warn and escalate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from chassis.due import drop, schedule
from kernel.calendar import day_at
from services.accounts.calendars.rules import Timetable
from services.accounts.clocks import rules
from services.accounts.clocks.models import CaseClock, CaseTarget
from services.accounts.clocks.queries import list_clocks
from services.accounts.clocks.rules import Passage, Round, Target
from services.accounts.dues import CaseClockDue
from services.accounts.reasons.rules import Due
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.staff.models import Staff

REASON = "case_waiting"


def set_targets(session: Session, *, items: list[dict[str, Any]]) -> None:
    """Deal with new cases in these times; those that are not named, in the usual ones."""
    rules.require_once([(one["kind"], one["priority"], one["tier"]) for one in items])
    session.execute(text("LOCK TABLE case_target IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(CaseTarget))
    session.add_all(CaseTarget(**one) for one in items)
    session.flush()


def start_clocks(
    session: Session, *, account_id: str, case_id: str, target: Target, at: datetime
) -> None:
    """Begin the clocks of a new case."""
    session.add_all(_begin(account_id, case_id, target, at))
    session.flush()


def enter_clocks(
    session: Session,
    *,
    account_id: str,
    case_id: str,
    target: Target,
    passages: Sequence[Passage],
    timetable: Timetable,
    now: datetime,
    earliest: datetime,
) -> list[CaseClock]:
    """The clocks of a new case that has been through all this already, to be stored by who enters it;
    those that run warn at their time, not before `earliest`."""
    clocks = _begin(account_id, case_id, target, passages[0].at)
    for clock in clocks:
        _wind(clock, passages, timetable, at=passages[-1].at, now=now)
        if (at := _next_reminder(clock, passages, timetable)) is not None:
            _schedule(session, clock, max(at, earliest))
    return clocks


def aim_clocks(session: Session, *, case_id: str, target: Target) -> None:
    """Have the clocks that are not over count to other targets; one that is not kept any more, or was
    not, stays as it is."""
    for clock in list_clocks(session, case_id):
        if clock.ended_at is None:
            clock.target_minutes = target[clock.clock] or clock.target_minutes


@dataclass(frozen=True)
class Wound:
    """The clocks of a case as they stand by all that has happened to it."""

    account_id: str
    case_id: str
    name: str  # as people call it: Complaint C-000017
    owner_id: str
    clocks: Sequence[CaseClock]
    passages: Sequence[Passage]
    timetable: Timetable


def wind_clocks(
    session: Session,
    *,
    account_id: str,
    case_id: str,
    name: str,
    owner_id: str,
    passages: Sequence[Passage],
    timetable: Timetable,
    at: datetime,
    now: datetime,
) -> Wound:
    """Let the clocks of a case show all that has happened to it until `at`, as is known now."""
    clocks = list_clocks(session, case_id)
    for clock in clocks:
        _wind(clock, passages, timetable, at=at, now=now)
    return Wound(account_id, case_id, name, owner_id, clocks, passages, timetable)


def remind(session: Session, wound: Wound, *, earliest: datetime) -> None:
    """Have each clock that runs warn, then escalate, at its time and not before `earliest`; and let the
    worklist know of those that have and still run."""
    for clock in wound.clocks:
        if (at := _next_reminder(clock, wound.passages, wound.timetable)) is None:
            drop(session, CaseClockDue, key=_key(clock))
        else:
            _schedule(session, clock, max(at, earliest))
    _tell(session, wound)
    session.flush()


def note_warned(clock: CaseClock, *, now: datetime) -> None:
    """That somebody was warned that the time is nearly over."""
    clock.warned_at = now


def note_escalated(clock: CaseClock, *, now: datetime) -> None:
    """That the time is over, and who is above was told."""
    clock.warned_at = clock.warned_at or now
    clock.escalated_at = now


def _begin(account_id: str, case_id: str, target: Target, at: datetime) -> list[CaseClock]:
    return [
        CaseClock(
            account_id=account_id,
            case_id=case_id,
            clock=clock,
            target_minutes=minutes,
            begun_at=at,
            is_missed=False,
        )
        for clock, minutes in target.items()
        if minutes is not None
    ]


def _wind(
    clock: CaseClock,
    passages: Sequence[Passage],
    timetable: Timetable,
    *,
    at: datetime,
    now: datetime,
) -> None:
    rounds = rules.rounds_of(clock.clock, passages)
    for one in rounds:
        if one.begun_at >= clock.begun_at:
            elapsed = one.elapsed(timetable, one.ended_at or at)
            clock.is_missed |= elapsed >= clock.target_minutes * rules.MINUTE
    _show(clock, rounds[-1], timetable, now)


def _show(clock: CaseClock, current: Round, timetable: Timetable, now: datetime) -> None:
    if current.begun_at != clock.begun_at:
        clock.begun_at, clock.warned_at, clock.escalated_at = current.begun_at, None, None
    clock.ended_at = current.ended_at
    ahead = current.look_ahead(clock.target_minutes, timetable)
    clock.due_at = None if ahead is None else ahead.due_at
    if ahead is not None:  # with more time than before, what was said of it is not so any more
        clock.warned_at = None if ahead.warns_at > now else clock.warned_at
        clock.escalated_at = None if ahead.due_at > now else clock.escalated_at


def superior_of(session: Session, staff_id: str) -> Staff | None:
    """Whom somebody reports to; None at the top."""
    is_above = select(Staff.reports_to_id).where(Staff.staff_id == staff_id).scalar_subquery()
    return session.scalars(select(Staff).where(Staff.staff_id == is_above)).one_or_none()


def _key(clock: CaseClock) -> str:
    return f"{clock.case_id}/{clock.clock}"


def _schedule(session: Session, clock: CaseClock, at: datetime) -> None:
    named = {"account_id": clock.account_id, "case_id": clock.case_id, "clock": clock.clock}
    schedule(session, CaseClockDue, key=_key(clock), at=at, **named)


def _next_reminder(
    clock: CaseClock, passages: Sequence[Passage], timetable: Timetable
) -> datetime | None:
    current = rules.rounds_of(clock.clock, passages)[-1]
    ahead = current.look_ahead(clock.target_minutes, timetable)
    if ahead is None or clock.escalated_at is not None:
        return None
    return ahead.warns_at if clock.warned_at is None else ahead.due_at


def _tell(session: Session, wound: Wound) -> None:
    told = [clock for clock in wound.clocks if clock.is_told]
    if not told:
        tell_settled(session, (wound.account_id, REASON, wound.case_id))
        return
    is_escalated = any(clock.escalated_at for clock in told)
    superior = superior_of(session, wound.owner_id) if is_escalated else None
    at = max(clock.escalated_at or clock.warned_at or clock.begun_at for clock in told)
    zone = wound.timetable.at(at).zone
    tell_due(
        session,
        Due(
            account_id=wound.account_id,
            reason=REASON,
            about=wound.case_id,
            since=day_at(at, zone),
            sentence=rules.say_waiting(
                wound.name, told, zone, None if superior is None else superior.name
            ),
            to_staff_id=superior.staff_id if superior else None,
        ),
    )
