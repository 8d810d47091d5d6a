"""Tests of what all kinds of files print."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from ops.replay.formats import compare, count, list_broken


def test_figures_stand_side_by_side_and_one_that_differs_is_told() -> None:
    console = Console(file=StringIO(), width=80)
    file = {"cases": {"in all": 2, "open": 1}}
    assert compare(file, {"cases": {"in all": 2, "open": 1}}, console)
    assert not compare(file, {"cases": {"in all": 2, "lost": 1}}, console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.split() for line in printed.splitlines()]
    assert ["in", "all", "2", "2", "equal"] in lines
    assert ["open", "1", "-", "differs"] in lines
    assert ["lost", "-", "1", "differs"] in lines


def test_broken_rows_are_counted_and_each_is_told() -> None:
    console = Console(file=StringIO(), width=80)
    list_broken("left out", [f"line {line}" for line in range(23)], console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert printed.splitlines() == ["23 rows left out:", *(f"  line {line}" for line in range(23))]


def test_what_has_no_name_is_counted_as_none() -> None:
    assert count(["b", "", "a", "b"]) == {"a": 1, "b": 2, "none": 1}
