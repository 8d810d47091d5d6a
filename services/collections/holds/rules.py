"""Pauses of dunning: when one is in force, and which ones overlap. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from kernel.calendar import add_days, require_foreseeable
from kernel.refusals import Conflict, Invalid


class HoldStatus(StrEnum):
    """Where a hold stands on a day; computed from its days, never stored."""

    COMING = "coming"
    STANDING = "standing"
    OVER = "over"


class HoldAction(StrEnum):
    """What a person may want to do with a hold."""

    LIFT = "lift"


MOVES: Mapping[HoldStatus, Mapping[HoldAction, HoldStatus]] = {
    HoldStatus.COMING: {HoldAction.LIFT: HoldStatus.OVER},
    HoldStatus.STANDING: {HoldAction.LIFT: HoldStatus.OVER},
    HoldStatus.OVER: {},
}


class Pause(Protocol):
    """A hold, as far as it matters here."""

    @property
    def hold_id(self) -> str: ...
    @property
    def item_id(self) -> str | None: ...
    @property
    def from_on(self) -> date: ...
    @property
    def last_on(self) -> date: ...


def require_period(*, from_on: date, until_on: date, today: date) -> None:
    """A hold begins today or later and ends before everybody has forgotten it; Invalid otherwise."""
    if from_on < today:
        raise Invalid(
            "hold_in_the_past",
            f"A hold begins today ({today}) or later: what was sent is sent.",
            field="from_on",
        )
    if until_on < from_on:
        raise Invalid(
            "hold_ends_before_it_begins",
            "A hold ends on the day it begins or later.",
            field="until_on",
        )
    require_foreseeable(until_on, today=today, field="until_on")


def require_no_overlap(
    holds: Iterable[Pause], *, item_id: str | None, from_on: date, until_on: date
) -> None:
    """Conflict where one of the account's holds pauses the same item on one of these days: a day is
    frozen once. A hold on the account pauses all its items."""
    for hold in holds:
        is_same = hold.item_id is None or item_id is None or hold.item_id == item_id
        first, last = max(hold.from_on, from_on), min(hold.last_on, until_on)
        if is_same and first <= last:
            raise Conflict(
                "hold_overlaps",
                f"Hold {hold.hold_id} pauses it from {hold.from_on} to {hold.last_on}; "
                "lift that one or choose other days.",
                hold_id=hold.hold_id,
            )


def hold_status(*, from_on: date, last_on: date, today: date) -> HoldStatus:
    """Where a hold of these days stands. One that was lifted before it began ends before it begins."""
    if last_on < max(from_on, today):
        return HoldStatus.OVER
    return HoldStatus.COMING if today < from_on else HoldStatus.STANDING


def move_hold(status: HoldStatus, action: HoldAction) -> HoldStatus:
    """Where the action leads; Conflict where it leads nowhere."""
    if action not in MOVES[status]:
        raise Conflict(
            "hold_is_over", f"The hold is {status}; there is nothing to {action}.", state=status
        )
    return MOVES[status][action]


def last_day_when_lifted(*, from_on: date, last_on: date, today: date) -> date:
    """The last day on which a hold that is lifted today has paused dunning: yesterday. A hold that
    has not begun has paused nothing: it ends before it begins. Conflict where it is over."""
    move_hold(hold_status(from_on=from_on, last_on=last_on, today=today), HoldAction.LIFT)
    return add_days(max(today, from_on), -1)
