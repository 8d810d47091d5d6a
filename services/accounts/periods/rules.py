"""When something that holds from a day to a day begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from kernel.calendar import add_days, moment_at, require_foreseeable
from kernel.refusals import Conflict, Invalid

TURNS_AT = time(5)
"""When a day's beginnings and ends take effect, in the business' time zone."""


class Status(StrEnum):
    """Where something stands that was agreed for a time."""

    PLANNED = "planned"
    STANDING = "standing"
    ENDED = "ended"


class Action(StrEnum):
    """What happens to it, by itself on its days or because somebody says so."""

    BEGIN = "begin"
    END = "end"


MOVES: Mapping[Status, Mapping[Action, Status]] = {
    Status.PLANNED: {Action.BEGIN: Status.STANDING, Action.END: Status.ENDED},
    Status.STANDING: {Action.END: Status.ENDED},
    Status.ENDED: {},
}


def next_status(status: Status, action: Action) -> Status:
    """Where an action leads; Conflict where it leads nowhere."""
    if action not in MOVES[status]:
        raise Conflict("wrong_status", f"It is {status}; there is nothing to {action}.")
    return MOVES[status][action]


def first_status(from_on: date, today: date) -> Status:
    """Where something stands that is agreed today."""
    return Status.STANDING if from_on <= today else Status.PLANNED


def turn_on(today: date, status: Status, *, from_on: date, until_on: date | None) -> Action | None:
    """What is to happen by itself on a day; nothing to what is still to come, goes on or has ended."""
    action = Action.END if until_on is not None and until_on < today else Action.BEGIN
    is_due = from_on <= today and action in MOVES[status]
    return action if is_due else None


def next_turn(
    status: Status, *, from_on: date, until_on: date | None, zone: tzinfo
) -> datetime | None:
    """The moment at which something happens by itself next: it begins on its first day, and ends on the
    day after its last."""
    if status == Status.ENDED or (status == Status.STANDING and until_on is None):
        return None
    day = from_on if status == Status.PLANNED else add_days(until_on or from_on, 1)
    return moment_at(day, TURNS_AT, zone)


def require_period(*, from_on: date, until_on: date | None, today: date) -> None:
    """Refuse a time that began before today, ends before it begins, or lies too far ahead."""
    if from_on < today:
        detail = f"It cannot begin before today; name {today} or a later day."
        raise Invalid("from_in_past", detail, field="from_on")
    require_end(from_on=from_on, until_on=until_on, today=today)
    require_foreseeable(from_on, today=today, field="from_on")


def require_end(*, from_on: date, until_on: date | None, today: date) -> None:
    """Refuse a last day that is past, before the first one or too far ahead."""
    if until_on is None:
        return
    earliest = max(from_on, today)
    if until_on < earliest:
        detail = f"The last day is included; name {earliest} or a later one."
        raise Invalid("until_too_early", detail, field="until_on")
    require_foreseeable(until_on, today=today, field="until_on")


def overlap(
    from_on: date, until_on: date | None, other_from: date, other_until: date | None
) -> bool:
    """Whether two times have a day in common; without a last day one goes on."""
    return (until_on is None or other_from <= until_on) and (
        other_until is None or from_on <= other_until
    )
