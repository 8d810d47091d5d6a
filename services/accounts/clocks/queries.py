"""Reads of targets and of clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.accounts.accounts.rules import Tier
from services.accounts.calendars.rules import Timetable
from services.accounts.clocks import rules
from services.accounts.clocks.models import CaseClock, CaseTarget
from services.accounts.clocks.rules import Clock, Kind, Outcome, Passage, Priority, Standstill


def list_targets(session: Session) -> dict[str, Any]:
    """In how many working minutes cases are to be dealt with, of each kind, priority and tier."""
    target_of = read_targets(session)
    return {
        "items": [
            {"kind": kind, "priority": priority, "tier": tier}
            | {str(clock): minutes for clock, minutes in target_of(kind, priority, tier).items()}
            for kind in Kind
            for priority in Priority
            for tier in Tier
        ]
    }


def read_target(session: Session, *, kind: Kind, priority: Priority, tier: Tier) -> rules.Target:
    """In how many working minutes such a case is to be dealt with."""
    found = session.get(CaseTarget, (kind, priority, tier))
    return _target({(kind, priority, tier): found} if found else {}, kind, priority, tier)


def read_targets(session: Session) -> Callable[[Kind, Priority, Tier], rules.Target]:
    """The same of all kinds, priorities and tiers, read at once."""
    known = {(one.kind, one.priority, one.tier): one for one in session.scalars(select(CaseTarget))}
    return partial(_target, known)


def list_clocks(session: Session, case_id: str) -> Sequence[CaseClock]:
    """The clocks of a case, in their order."""
    clocks = session.scalars(select(CaseClock).where(CaseClock.case_id == case_id)).all()
    return sorted(clocks, key=lambda one: list(Clock).index(one.clock))


def read_face(
    clock: CaseClock, passages: Sequence[Passage], timetable: Timetable, now: datetime
) -> dict[str, Any]:
    """What a clock shows: how much it has counted, whether it runs or why not, and what came of it."""
    current = rules.rounds_of(clock.clock, passages)[-1]
    is_missed = clock.is_missed or clock.is_over(now)
    return {
        "clock": clock.clock,
        "target_minutes": clock.target_minutes,
        "elapsed_minutes": current.elapsed(timetable, now) // rules.MINUTE,
        "begun_at": clock.begun_at,
        "ended_at": clock.ended_at,
        "due_at": clock.due_at,
        "standstill": _standstill(clock, timetable, now),
        "is_missed": is_missed,
        "outcome": _outcome(clock, is_missed=is_missed),
    }


def _standstill(clock: CaseClock, timetable: Timetable, now: datetime) -> Standstill | None:
    if clock.ended_at is not None:
        return Standstill.OVER
    if clock.due_at is None:
        return Standstill.WAITING_FOR_CLIENT
    return None if timetable.at(now).is_open(now) else Standstill.OUTSIDE_HOURS


def _outcome(clock: CaseClock, *, is_missed: bool) -> Outcome | None:
    if is_missed:
        return Outcome.MISSED
    return None if clock.ended_at is None else Outcome.MET


def _target(known: Any, kind: Kind, priority: Priority, tier: Tier) -> rules.Target:
    said = known.get((kind, priority, tier))
    if said is None:
        return rules.usual_target(kind, priority, tier)
    return {clock: getattr(said, clock) for clock in Clock}
