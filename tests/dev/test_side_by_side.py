"""Tests side by side: what shares something stays together, and what takes long does not come last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.side_by_side import piece_of, put_long_first


@pytest.mark.parametrize(
    ("file", "piece"),
    [
        ("tests/scenarios/test_payments.py", "tests/scenarios"),
        ("tests/scenarios/test_overdue.py", "tests/scenarios"),
        ("tests/scenarios/test_time_zone.py", "tests/scenarios/test_time_zone.py"),
        ("tests/contracts/test_openapi.py", "tests/contracts"),
        ("tests/contracts/test_running_system.py", "tests/contracts/test_running_system.py"),
        ("tests/gateway/persons/test_sessions.py", "tests/gateway/persons"),
        ("tests/gateway/http/test_lanes.py", "tests/gateway"),
        ("tests/services/test_reach.py", "tests/services/test_reach.py"),
    ],
)
def test_files_that_share_what_takes_long_to_make_are_one_piece(file: str, piece: str) -> None:
    assert piece_of(file) == piece


def test_what_starts_processes_is_handed_out_first_and_the_rest_keeps_its_order() -> None:
    files = ["architecture/test_days", "chassis/test_due", "kernel/test_ids", "scenarios/test_rows"]
    items: list[Any] = [SimpleNamespace(nodeid=f"tests/{file}.py::test") for file in files]
    put_long_first(items)
    assert [one.nodeid[6:-9] for one in items] == [files[3], files[1], files[0], files[2]]
