"""Which events of an account have not arrived."""

from __future__ import annotations


def missing_ranges(sequences: list[int]) -> list[tuple[int, int]]:
    """The gaps, as (first, last), in what should be 1, 2, 3 and so on up to the highest that is there."""
    gaps = []
    expected = 1
    for sequence in sorted(set(sequences)):
        if sequence > expected:
            gaps.append((expected, sequence - 1))
        expected = sequence + 1
    return gaps
