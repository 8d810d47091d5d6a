"""Who goes next: in the order of times, and as far as nobody else has anything to do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock.agenda import Agenda, DailyJob

START, TARGET = datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
JOBS = [
    DailyJob("north", "count", time(6), ZoneInfo("UTC")),
    DailyJob("south", "sweep", time(12), ZoneInfo("UTC")),
]


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("due", "hour", "who"),
    [
        pytest.param({}, 6, {"north": ["count"]}, id="the first job"),
        pytest.param({"south": 30}, 6, {"north": ["count"]}, id="due beyond the target"),
        pytest.param({"south": 7}, 6, {"north": ["count"]}, id="due after the job"),
        pytest.param({"south": 6}, 6, {"south": []}, id="due with the job: before it"),
        pytest.param({"south": 2}, 6, {"south": []}, id="alone: up to the next job"),
        pytest.param(
            {"south": 2, "east": 5}, 5, {"south": []}, id="alone: up to the next who is due"
        ),
        pytest.param({"south": 2, "east": 2}, 2, {"south": [], "east": []}, id="two at once"),
        pytest.param({"south": -9, "east": 0}, 0, {"south": [], "east": []}, id="past due: now"),
    ],
)
def test_the_next_step_is_the_first_thing_to_be_done(
    due: dict[str, int], hour: int, who: dict[str, list[str]]
) -> None:
    agenda = Agenda(START, TARGET, JOBS)
    step = agenda.next_step(START, {name: at(hour) for name, hour in due.items()})
    assert step == (at(hour), dict(sorted(who.items())))


def test_when_all_is_done_there_is_no_step() -> None:
    agenda = Agenda(START, TARGET, JOBS)
    assert agenda.with_jobs == {"north", "south"}
    for is_last in (False, True):
        step = agenda.next_step(START, {})
        assert step is not None and agenda.is_last(step.moment) == is_last
        agenda.note_done(step)
    assert agenda.next_step(START, {"north": at(25)}) is None
    assert agenda.is_last(START)


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 30)), max_size=4))
def test_everything_up_to_the_target_is_done_in_the_order_of_times(
    hours: dict[str, list[int]],
) -> None:
    agenda, reached = Agenda(START, TARGET, JOBS), START
    waiting = {name: sorted(map(at, each)) for name, each in hours.items()}
    done: list[datetime] = []
    while step := agenda.next_step(reached, {n: each[0] for n, each in waiting.items() if each}):
        assert step.moment >= reached
        for name in step.jobs:
            if name in waiting and not step.jobs[name]:
                done.append(waiting[name].pop(0))
                reached = max(reached, done[-1])
        if any(step.jobs.values()):
            done.append(step.moment)
            reached = step.moment
        agenda.note_done(step)
    expected = [at(hour) for each in hours.values() for hour in each if hour <= 24] + [
        at(6),
        at(12),
    ]
    assert done == sorted(expected)
