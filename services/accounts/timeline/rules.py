"""Which events of an account have not arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

SOURCES = ("accounts", "billing", "collections", "sales")
STEP = 100  # after so many events it is looked how far an account's are complete
LOOKED_AT = 10_000  # events beyond what is complete, for what is missing among them
# How long events are waited for before they are asked for, the first time and again. Announcers keep them
# for 30 days.
PATIENCE = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))

PERSONS = ("stf_", "key_")

Place = tuple[str, str, int]


def is_step(sequence: int) -> bool:
    """Whether it is looked, with the event of this number, how far the events are complete."""
    return sequence > 0 and sequence % STEP == 0


def missing_ranges(sequences: Sequence[int], *, complete_to: int = 0) -> list[tuple[int, int]]:
    """The gaps, as (first, last), in what should be every number from the one after `complete_to` up to
    the highest that is there."""
    gaps = []
    expected = complete_to + 1
    for sequence in sorted(set(sequences)):
        if sequence > expected:
            gaps.append((expected, sequence - 1))
        expected = max(expected, sequence + 1)
    return gaps


def places_before(events: Iterable[Mapping[str, Any]]) -> set[Place]:
    """The events (account, source, sequence) that come just before one of these and are none of them."""
    places = {(event["account_id"], event["source"], event["sequence"]) for event in events}
    before = {(account, source, sequence - 1) for account, source, sequence in places}
    return {place for place in before - places if place[2] > 0}


def done_by(data: Mapping[str, Any]) -> str | None:
    """Whose deed an event is, by its field that says so (`done_by`, `recorded_by`): a member of staff or
    the holder of a key; what a service did is nobody's."""
    deeds = (value for name, value in data.items() if name.endswith("_by"))
    return next((one for one in deeds if isinstance(one, str) and one.startswith(PERSONS)), None)
