"""Rows handed to a statement as one array a column: one plan and one round trip, however many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def columns(rows: Iterable[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    """The columns of `rows` by name, as parameters to `unnest` in a statement; at least one row."""
    arrays = zip(*rows, strict=True)
    return {name: list(values) for name, values in zip(names, arrays, strict=True)}
