"""How long a case may wait: targets, and what its clocks show, from when it ran and when it waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol

from kernel.refusals import Invalid
from kernel.working_time import NO_TIME
from services.accounts.accounts.rules import Tier

MINUTE = timedelta(minutes=1)
DAY = 480  # working minutes


class Kind(StrEnum):
    """What a client brings up."""

    COMPLAINT = "complaint"
    PRAISE = "praise"
    REQUEST = "request"
    TECHNICAL = "technical"


class Priority(StrEnum):
    """How pressing it is, least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Clock(StrEnum):
    """What a client waits for."""

    FIRST_RESPONSE = "first_response"
    UPDATE = "update"
    SOLUTION = "solution"


class Standstill(StrEnum):
    """Why a clock does not run."""

    WAITING_FOR_CLIENT = "waiting_for_client"
    OUTSIDE_HOURS = "outside_hours"
    OVER = "over"


class Outcome(StrEnum):
    """Whether a clock was stopped in time."""

    MET = "met"
    MISSED = "missed"


Target = Mapping[Clock, int | None]  # in working minutes; none: the clock is not kept
_USUAL = {  # of an account of the standard tier: first response, update, solution
    Priority.URGENT: (60, 240, DAY),
    Priority.HIGH: (120, DAY, 2 * DAY),
    Priority.NORMAL: (240, 2 * DAY, 5 * DAY),
    Priority.LOW: (DAY, 5 * DAY, 10 * DAY),
}
_HALVES = {Tier.KEY: 1, Tier.STANDARD: 2, Tier.SMALL: 4}


_WAITED_FOR = {
    Clock.FIRST_RESPONSE: "its first answer",
    Clock.UPDATE: "news",
    Clock.SOLUTION: "its solution",
}


class Told(Protocol):
    """A clock that has warned."""

    @property
    def clock(self) -> Clock: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def escalated_at(self) -> datetime | None: ...


class Hours(Protocol):
    """What working time is counted by."""

    def between(self, start: datetime, end: datetime) -> timedelta: ...
    def after(self, start: datetime, amount: timedelta) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that happened to a case: whether its clocks run from then on, and which of them it
    begins, for the first time or anew, and which it ends."""

    at: datetime
    is_running: bool
    begins: Set[Clock] = frozenset()
    ends: Set[Clock] = frozenset()


@dataclass(frozen=True, slots=True)
class Ahead:
    """When a clock that runs has counted 75 percent of its target, and when all of it."""

    warns_at: datetime
    due_at: datetime


Span = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Round:
    """What a clock counted from when it was begun until it ended or was begun anew; the last of its spans
    may have no end yet."""

    begun_at: datetime
    ended_at: datetime | None
    spans: Sequence[Span]

    @property
    def is_standing(self) -> bool:
        """Whether nothing is counted now."""
        return not self.spans or self.spans[-1][1] is not None

    def elapsed(self, hours: Hours, now: datetime) -> timedelta:
        """How much working time it has counted by now."""
        counted = ((since, now if until is None else until) for since, until in self.spans)
        return sum((hours.between(since, until) for since, until in counted), NO_TIME)

    def look_ahead(self, target_minutes: int, hours: Hours) -> Ahead | None:
        """When it warns and when it is due if it runs on; None where it does not run."""
        if self.ended_at is not None or self.is_standing:
            return None
        target = target_minutes * MINUTE
        warns_at, due_at = self.reaches(target * 3 / 4, hours), self.reaches(target, hours)
        assert warns_at is not None and due_at is not None, "what runs on reaches any amount"
        return Ahead(warns_at, due_at)

    def reaches(self, amount: timedelta, hours: Hours) -> datetime | None:
        """When it has counted so much, or will have if it goes on; None where it stands still before."""
        left = amount
        for since, until in self.spans:
            if until is None or left <= (length := hours.between(since, until)):
                return hours.after(since, left)
            left -= length
        return None


def usual_target(kind: Kind, priority: Priority, tier: Tier) -> Target:
    """In how many working minutes such a case is dealt with where nobody said otherwise. Praise is
    answered, and asks for no more."""
    first, update, solution = (minutes * _HALVES[tier] // 2 for minutes in _USUAL[priority])
    is_solved = kind != Kind.PRAISE
    return {
        Clock.FIRST_RESPONSE: first,
        Clock.UPDATE: update if is_solved else None,
        Clock.SOLUTION: solution if is_solved else None,
    }


def rounds_of(clock: Clock, passages: Sequence[Passage]) -> list[Round]:
    """What a clock counted, round after round, from all that happened, in its order."""
    rounds: list[Round] = []
    for passage, following in zip(passages, [*passages[1:], None], strict=True):
        if clock in passage.begins:
            if rounds:
                rounds[-1] = _ended(rounds[-1], passage.at)
            rounds.append(Round(passage.at, None, []))
        elif clock in passage.ends and rounds:
            rounds[-1] = _ended(rounds[-1], passage.at)
        if passage.is_running and rounds and rounds[-1].ended_at is None:
            span = (passage.at, None if following is None else following.at)
            rounds[-1] = Round(rounds[-1].begun_at, None, [*rounds[-1].spans, span])
    return rounds


def _ended(one: Round, at: datetime) -> Round:
    return Round(one.begun_at, one.ended_at or at, one.spans)


def say_waiting(name: str, clocks: Sequence[Told], zone: tzinfo, superior: str | None) -> str:
    """Why an account should be contacted about a case: what it waits for and until when, what it should
    have had, and who above has been told of that."""
    said = [_say(name, one, zone) for one in clocks]
    if superior is not None:
        said.append(f"{superior} has been told.")
    return " ".join(said)


def _say(name: str, told: Told, zone: tzinfo) -> str:
    assert told.due_at is not None, "what does not run says nothing"
    due, what = f"{told.due_at.astimezone(zone):%Y-%m-%d %H:%M}", _WAITED_FOR[told.clock]
    if told.escalated_at is None:
        return f"{name} waits for {what} until {due}."
    return f"{name} should have had {what} by {due}."


def require_once(named: Sequence[tuple[Kind, Priority, Tier]]) -> None:
    """Refuse two targets for one kind, priority and tier."""
    for one in named:
        if named.count(one) > 1:
            raise Invalid(
                "target_twice", f"{' '.join(one)} is there twice; name it once.", field="items"
            )
