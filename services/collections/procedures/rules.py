"""Dunning procedures: their levels, and what makes a sound one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from kernel.grammar import A_LANGUAGE
from kernel.refusals import Invalid
from services.collections.labels.rules import LABELS, Labels
from stationery.languages import canonical, look_up

FALLBACK_LANGUAGE = "en"
COURTESY = 0  # the number of the one level before the due date; those after it count from 1
PLACEHOLDERS = frozenset(
    {"name", "account_number", "total", "oldest_due_date", "level_name", "today"}
)
_TEXTS = ("subject", "opening", "closing")
_PLACES_IN_LABELS = (("page", "{page}"), ("page", "{pages}"), ("attention", "{person}"))


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
    letters: Mapping[str, Mapping[str, Any]]  # by language: subject, opening, closing, maybe labels


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
    numbered = [
        Level(number=first + place, **{**level, "letters": _checked_letters(level)})
        for place, level in enumerate(given)
    ]
    return [asdict(level) for level in numbered]


def require_hand_over(levels: Sequence[Mapping[str, Any]], hand_over_days: int | None) -> None:
    """The hand-over comes after the last letter, and needs one to come after."""
    if hand_over_days is None:
        return
    if not levels or hand_over_days <= levels[-1]["delay_days"]:
        raise _invalid(
            "hand_over_days",
            "Hand over later than the last level's delay; without levels leave it out.",
        )


def labels_of(tag: str, text: Mapping[str, Any]) -> Labels | None:
    """The words around a text in that language: its own, else those we bring; None without either."""
    if "labels" in text:
        return Labels(**text["labels"])
    known = look_up(tag, LABELS)
    return LABELS[known] if known else None


def _checked_letters(level: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The level's letters under their languages' proper tags; Invalid if one cannot be written."""
    letters: dict[str, Mapping[str, Any]] = {}
    for tag, text in level["letters"].items():
        proper = canonical(tag)
        if proper is None:
            raise _invalid("levels", f"{tag!r} in level {level['name']} is not {A_LANGUAGE}.")
        if proper in letters:
            raise _invalid(
                "levels", f"Level {level['name']} has two letters in {proper}; give one."
            )
        _require_text(level["name"], proper, text)
        letters[proper] = text
    if FALLBACK_LANGUAGE not in letters:
        raise _invalid(
            "levels", f"Level {level['name']} needs a letter in {FALLBACK_LANGUAGE}, the fallback."
        )
    return letters


def _require_text(level_name: str, tag: str, text: Mapping[str, Any]) -> None:
    used = {word for part in _TEXTS for word in re.findall(r"{(\w*)}", text[part])}
    if unknown := used - PLACEHOLDERS:
        raise _invalid(
            "levels",
            f"Level {level_name} uses {{{sorted(unknown)[0]}}}; letters know "
            f"{', '.join(f'{{{word}}}' for word in sorted(PLACEHOLDERS))}.",
        )
    if labels_of(tag, text) is None:
        raise _invalid(
            "levels",
            f"The letter in {tag} of level {level_name} needs `labels`, the words around its text: "
            f"we bring them for {', '.join(sorted(LABELS))} only.",
        )
    for label, place in _PLACES_IN_LABELS if "labels" in text else ():
        if place not in text["labels"][label]:
            raise _invalid(
                "levels", f"The label `{label}` in {tag} of level {level_name} needs {place}."
            )


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid("invalid_procedure", sentence, field=field)
