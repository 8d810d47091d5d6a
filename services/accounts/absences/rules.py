"""What becomes of an absence, and who may stand in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kernel.refusals import Conflict, Invalid
from services.accounts.periods.rules import overlap


class Status(StrEnum):
    """Where an absence stands."""

    PLANNED = "planned"
    AWAY = "away"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What happens to an absence."""

    BEGIN = "begin"
    END = "end"
    EXTEND = "extend"
    CANCEL = "cancel"


class May(StrEnum):
    """What whoever stands in may do with the accounts."""

    SEE = "see"
    ACT = "act"


MOVES: Mapping[Status, Mapping[Action, Status]] = {
    Status.PLANNED: {
        Action.BEGIN: Status.AWAY,
        Action.EXTEND: Status.PLANNED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.AWAY: {Action.END: Status.ENDED, Action.EXTEND: Status.AWAY},
    Status.ENDED: {},
    Status.CANCELLED: {},
}
OPEN = (Status.PLANNED, Status.AWAY)


class Days(NamedTuple):
    """From when to when somebody is away, both days included."""

    from_on: date
    until_on: date

    def overlap(self, other: Days) -> bool:
        """Whether they have a day in common."""
        return overlap(*self, *other)


def next_status(status: Status, action: Action) -> Status:
    """Where an action leads; Conflict where it leads nowhere."""
    if action not in MOVES[status]:
        possible = " or ".join(sorted(MOVES[status])) or "nothing"
        detail = f"The absence is {status}; possible: {possible}."
        raise Conflict("wrong_status", detail)
    return MOVES[status][action]


def require_delegate(*, staff_id: str, delegate_id: str) -> None:
    """Refuse whoever would stand in for themselves."""
    if staff_id == delegate_id:
        detail = "Nobody stands in for themselves; name somebody else."
        raise Invalid("delegate_oneself", detail, field="delegate_id")


def require_there(name: str, days: Days, absences: Iterable[Days]) -> None:
    """Refuse a delegate who is away too at some time of these days."""
    for other in absences:
        if days.overlap(other):
            raise Conflict(
                "delegate_away",
                f"{name} is away too, from {other.from_on} to {other.until_on}; name somebody else, or "
                "other days.",
                field="delegate_id",
                from_on=str(other.from_on),
                until_on=str(other.until_on),
            )


def require_no_other(days: Days, absences: Iterable[Days]) -> None:
    """Refuse days of which some are days of another absence of the same person."""
    for other in absences:
        if days.overlap(other):
            raise Conflict(
                "absence_overlaps",
                f"They are away from {other.from_on} to {other.until_on} already; end, cancel or extend "
                "that, or name other days.",
                field="from_on",
            )


def require_longer(*, until_on: date, new_until_on: date) -> None:
    """Refuse an extension that is none."""
    if new_until_on <= until_on:
        detail = f"It lasts until {until_on}; name a later day, or end it."
        raise Invalid("not_longer", detail, field="until_on")
