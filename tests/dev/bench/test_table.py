"""What is printed of the results."""

from __future__ import annotations

import pytest
from rich.console import Console

from dev.bench.figures import MS, PER_SECOND, Figure, Result, at_least, at_most
from dev.bench.table import draw, list_missed, list_notes, write

READS = Result(Figure("reads", 120, PER_SECOND, aim=at_least(100)), 120, 60)
DAYS = Result(Figure("a day", 25, MS, aim=at_most(20)), 25)


def printed(*results: Result, base: str | None = None) -> list[str]:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(draw(results, base))
    return captured.get().splitlines()


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1234.5, PER_SECOND, "1,234/s"),
        (123.4, PER_SECOND, "123/s"),
        (12.34, MS, "12.3 ms"),
        (1.234, "times", "1.23 x"),
        (0.0123, "s", "0.012 s"),
        (None, MS, "-"),
    ],
)
def test_a_figure_has_three_digits_and_its_unit(
    value: float | None, unit: str, written: str
) -> None:
    assert write(value, unit) == written


def test_the_base_stands_beside_this_code_with_the_ratio() -> None:
    [head, reads, days] = [
        line for line in printed(READS, DAYS, base="abc1234") if "│" in line or "┃" in line
    ]
    assert "abc1234" in head and "this / base" in head
    assert [word.strip() for word in reads.split("│")][2:5] == ["60.0/s", "120/s", "2.00"]
    assert [word.strip() for word in days.split("│")][2:5] == ["-", "25.0 ms", "-"]


def test_without_a_base_there_is_one_figure() -> None:
    assert "base" not in "".join(printed(READS))


def test_what_was_seen_besides_stands_below() -> None:
    price, before = (Figure("reads: cost", x, MS, more=f"billing {x}") for x in (1.5, 2.5))
    assert list_notes([READS, Result(price, 1.5)]) == ["reads: cost: billing 1.5"]
    assert list_notes([Result(price, 1.5, 2.5, before)], "abc1234") == [
        "reads: cost (abc1234): billing 2.5",
        "reads: cost: billing 1.5",
    ]


def test_what_is_missed_is_told_with_its_aim() -> None:
    assert list_missed([READS, DAYS]) == ["a day: 25.0 ms, and <= 20 is the aim"]
