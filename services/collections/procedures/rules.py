"""Dunning procedures: their levels, and what makes a sound one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from kernel.refusals import Invalid

FALLBACK_LANGUAGE = "en"
COURTESY = 0  # the number of the one level before the due date; those after it count from 1
PLACEHOLDERS = frozenset(
    {"name", "account_number", "total", "oldest_due_date", "level_name", "today"}
)


class Channel(StrEnum):
    """How a level's letter goes out."""

    PREFERRED = "preferred"  # as the account likes it; by post where it has no e-mail address
    EMAIL = "email"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a procedure. `delay_days` counts from the due date; negative is before it."""

    number: int
    name: str
    delay_days: int
    channel: str
    holds_orders: bool
    letters: Mapping[str, Mapping[str, str]]  # by language: subject, opening, closing


def load_levels(stored: Iterable[Mapping[str, Any]]) -> tuple[Level, ...]:
    """The levels as a procedure's version stores them."""
    return tuple(Level(**level) for level in stored)


def level_of(levels: Sequence[Level], number: int) -> Level | None:
    """The level with that number, if the procedure has one."""
    return next((level for level in levels if level.number == number), None)


def number_levels(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The levels to store, numbered in order: the one before the due date 0, the others 1, 2, 3.

    No level at all is a procedure that sends nothing. Invalid where they are not in order, where more
    than one stands before the due date, or where a letter cannot be written."""
    delays = [level["delay_days"] for level in given]
    if any(later <= earlier for earlier, later in pairwise(delays)):
        raise _invalid("levels", "Give the levels in order, each later than the one before.")
    if sum(delay < 0 for delay in delays) > 1:
        raise _invalid("levels", "Only one level can stand before the due date.")
    first = COURTESY if delays and delays[0] < 0 else COURTESY + 1
    numbered = [Level(number=first + place, **level) for place, level in enumerate(given)]
    for level in numbered:
        _check_letters(level)
    return [asdict(level) for level in numbered]


def check_hand_over(levels: Sequence[Mapping[str, Any]], hand_over_days: int | None) -> None:
    """The hand-over comes after the last letter, and needs one to come after."""
    if hand_over_days is None:
        return
    if not levels or hand_over_days <= levels[-1]["delay_days"]:
        raise _invalid(
            "hand_over_days",
            "Hand over later than the last level's delay; without levels leave it out.",
        )


def _check_letters(level: Level) -> None:
    if FALLBACK_LANGUAGE not in level.letters:
        raise _invalid(
            "levels", f"Level {level.name} needs a letter in {FALLBACK_LANGUAGE}, the fallback."
        )
    texts = [text for letter in level.letters.values() for text in letter.values()]
    unknown = {word for text in texts for word in re.findall(r"{(\w*)}", text)} - PLACEHOLDERS
    if unknown:
        raise _invalid(
            "levels",
            f"Level {level.name} uses {{{sorted(unknown)[0]}}}; letters know "
            f"{', '.join(f'{{{word}}}' for word in sorted(PLACEHOLDERS))}.",
        )


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid("invalid_procedure", sentence, field=field)
