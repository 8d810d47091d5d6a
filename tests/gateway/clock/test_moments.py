"""The moments that a move of the clock goes through, and the jobs due at each."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock.agenda import DailyJob, moments
from kernel.calendar import day_at, each_day, moment_at

SIX, NOON = time(6), time(12)
AUCKLAND, BERLIN, HERE = ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
JOBS = [
    DailyJob("north", "count", SIX, HERE),
    DailyJob("north", "send", NOON, HERE),
    DailyJob("south", "sweep", NOON, HERE),
]
SIX_O_CLOCK = {"north": ["count"]}
TWELVE = {"north": ["send"], "south": ["sweep"]}


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "target", "expected"),
    [
        ("2026-01-31T00:00", "2026-01-31T00:00", []),
        ("2026-01-31T00:00", "2026-01-31T05:00", []),
        ("2026-01-31T00:00", "2026-01-31T06:00", [("2026-01-31T06:00", SIX_O_CLOCK)]),
        ("2026-01-31T06:00", "2026-01-31T07:00", []),
        (
            "2026-01-31T05:59",
            "2026-02-01T12:30",
            [
                ("2026-01-31T06:00", SIX_O_CLOCK),
                ("2026-01-31T12:00", TWELVE),
                ("2026-02-01T06:00", SIX_O_CLOCK),
                ("2026-02-01T12:00", TWELVE),
            ],
        ),
    ],
)
def test_every_time_of_day_after_the_start_up_to_the_target(
    start: str, target: str, expected: list[tuple[str, dict]]
) -> None:
    found = list(moments(_at(start), _at(target), JOBS))
    assert found == [(_at(moment), due) for moment, due in expected]


def test_a_job_is_due_when_clocks_show_its_time_where_the_business_is() -> None:
    jobs = [DailyJob("north", "count", SIX, AUCKLAND), DailyJob("south", "sweep", SIX, BERLIN)]
    found = list(moments(_at("2026-03-28T12:00"), _at("2026-03-30T04:00"), jobs))
    assert found == [
        (_at("2026-03-28T17:00"), {"north": ["count"]}),
        (_at("2026-03-29T04:00"), {"south": ["sweep"]}),  # since 02:00 it is summer in Berlin
        (_at("2026-03-29T17:00"), {"north": ["count"]}),
        (_at("2026-03-30T04:00"), {"south": ["sweep"]}),
    ]


@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)).map(
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    hours=st.integers(0, 24 * 40),
    jobs=st.lists(
        st.builds(
            DailyJob,
            st.sampled_from(["north", "south"]),
            st.text("abc", min_size=1),
            st.times(),
            st.sampled_from([AUCKLAND, BERLIN, HERE]),
        ),
        max_size=4,
        unique_by=lambda job: job[:2],
    ),
)
def test_every_job_is_due_once_on_each_of_its_days_and_all_in_order(
    start: datetime, hours: int, jobs: list[DailyJob]
) -> None:
    target = start + timedelta(hours=hours)
    found = list(moments(start, target, jobs))
    assert [moment for moment, _ in found] == sorted({moment for moment, _ in found})
    for job in jobs:
        days = each_day(day_at(start, job.zone), day_at(target, job.zone))
        due = [moment_at(day, job.at, job.zone) for day in days]
        assert [at for at, all_due in found if job.name in all_due.get(job.service, ())] == [
            moment for moment in due if start < moment <= target
        ]


def test_without_daily_jobs_there_is_nothing_on_the_way() -> None:
    assert list(moments(_at("2025-01-01"), _at("2026-01-01"), [])) == []
