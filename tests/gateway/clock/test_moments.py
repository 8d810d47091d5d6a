"""The moments that a move of the clock goes through."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from gateway.clock.manual import moments

SIX, NOON = time(6), time(12)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "target", "expected"),
    [
        ("2026-01-31T00:00", "2026-01-31T00:00", []),
        ("2026-01-31T00:00", "2026-01-31T05:00", ["2026-01-31T05:00"]),
        ("2026-01-31T00:00", "2026-01-31T06:00", ["2026-01-31T06:00"]),
        ("2026-01-31T06:00", "2026-01-31T07:00", ["2026-01-31T07:00"]),
        (
            "2026-01-31T05:59",
            "2026-02-01T12:30",
            [
                f"2026-{at}"
                for at in [
                    "01-31T06:00",
                    "01-31T12:00",
                    "02-01T06:00",
                    "02-01T12:00",
                    "02-01T12:30",
                ]
            ],
        ),
    ],
)
def test_every_time_of_day_after_the_start_then_the_target(
    start: str, target: str, expected: list[str]
) -> None:
    found = list(moments(_at(start), _at(target), {NOON, SIX}))
    assert found == [_at(text) for text in expected]


def test_a_year_has_every_moment_once_and_in_order() -> None:
    found = list(moments(_at("2025-01-01T00:00"), _at("2026-01-01T00:00"), {SIX, NOON}))
    assert len(found) == 2 * 365 + 1
    assert found == sorted(set(found))


def test_without_daily_jobs_there_is_only_the_target() -> None:
    assert list(moments(_at("2025-01-01"), _at("2026-01-01"), set())) == [_at("2026-01-01")]
