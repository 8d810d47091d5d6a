"""Why an account is where it is on a list, or is not on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from services.accounts.worklist.rules import Reason, in_words


class ReasonState(StrEnum):
    """What a standing reason does on a day."""

    DUE = "due"
    LATER = "later"
    RESTS = "rests"
    SNOOZED = "snoozed"


_STATES: Mapping[ReasonState, str] = {
    ReasonState.DUE: "is due since",
    ReasonState.LATER: "is not before",
    ReasonState.RESTS: "rests after a contact until",
    ReasonState.SNOOZED: "is snoozed until",
}


def state_of(reason: Reason, on: date) -> tuple[ReasonState, date | None]:
    """What a standing reason does on a day, and until when it is not shown."""
    for state, until in (
        (ReasonState.LATER, reason.earliest_on),
        (ReasonState.RESTS, reason.rests_until),
        (ReasonState.SNOOZED, reason.snoozed_until),
    ):
        if until is not None and until > on:
            return state, until
    return ReasonState.DUE, None


def say_place(
    place: int | None,
    of: int,
    reasons: Sequence[Mapping[str, Any]],
    *,
    hidden_until: date | None,
    channel_note: str | None,
) -> str:
    """Where an account is on its owner's list and which way to it is closed, or why it is not on it."""
    if place is not None:
        said = f"It is number {place} of {of} on its owner's list."
        return f"{said} {channel_note}" if channel_note else said
    if not reasons:
        return "Nobody has a reason to contact it."
    if hidden_until is not None:
        return f"It is snoozed until {hidden_until}; a new reason brings it back sooner."
    words = [
        f"{in_words(one['kind'])} {_STATES[one['state']]} {one['until'] or one['since_on']}"
        for one in reasons
    ]
    return f"None of its reasons is due: {'; '.join(words)}."
