"""Which events of an account have not arrived."""

from __future__ import annotations

from collections.abc import Sequence

SOURCES = ("accounts", "billing", "collections", "sales")
STEP = 100  # after so many events it is looked how far an account's are complete
LOOKED_AT = 10_000  # events beyond what is complete, for what is missing among them


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
