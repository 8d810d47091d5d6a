"""Two sides are measured in turns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dev.bench.figures import PER_SECOND, Figure
from dev.bench.turns import take_turns


def test_each_side_is_the_first_in_every_second_round() -> None:
    order: list[str] = []

    def row(place: str) -> list[Figure]:
        order.append(place)
        return [Figure("reads", len(order), PER_SECOND)]

    [result] = take_turns(row, "this", "base", rounds=3)
    assert order == ["base", "this", "this", "base", "base", "this"]
    assert (result.value, result.base) == (3, 4)


def test_a_row_that_the_base_cannot_do_is_told_and_measured_here(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def row(place: str) -> Iterator[Figure]:
        yield Figure("reads", 1, PER_SECOND)
        if place == "base":
            raise LookupError("no such route")
        yield Figure("days", 1, PER_SECOND)

    reads, days = take_turns(row, "this", "base", rounds=1)
    assert (reads.ratio, days.ratio) == (1, None)
    assert "LookupError: no such route" in capsys.readouterr().err


def test_a_row_that_this_code_cannot_do_is_an_error() -> None:
    def row(_: str) -> list[Figure]:
        raise LookupError("no such route")

    with pytest.raises(LookupError):
        take_turns(row, "this", None, rounds=1)
