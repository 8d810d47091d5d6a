"""What was agreed for a time begins on its first day and ends after its last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.accounts.periods.rules import (
    Action,
    Status,
    first_status,
    next_status,
    next_turn,
    overlap,
    require_end,
    require_period,
    turn_on,
)
from tests.services.tables import claim_moves

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
DAYS = st.dates(min_value=TODAY, max_value=TODAY + 20 * DAY)


LEADS_TO = {
    (Status.PLANNED, Action.BEGIN): Status.STANDING,
    (Status.PLANNED, Action.END): Status.ENDED,
    (Status.STANDING, Action.END): Status.ENDED,
}


def test_each_status_takes_what_the_table_says() -> None:
    claim_moves(next_status, (Status, Action), LEADS_TO)


@pytest.mark.parametrize(
    ("from_on", "until_on", "refusal"),
    [
        (TODAY, None, None),
        (TODAY, TODAY, None),
        (TODAY + DAY, TODAY + DAY, None),
        (TODAY - DAY, None, ("from_in_past", "from_on")),
        (TODAY + DAY, TODAY, ("until_too_early", "until_on")),
        (date(2100, 1, 1), None, ("too_far_ahead", "from_on")),
        (TODAY, date(2100, 1, 1), ("too_far_ahead", "until_on")),
    ],
)
def test_a_time_is_ahead_and_ends_after_it_begins(
    from_on: date, until_on: date | None, refusal: tuple[str, str] | None
) -> None:
    if refusal is None:
        require_period(from_on=from_on, until_on=until_on, today=TODAY)
        return
    with pytest.raises(Invalid) as refused:
        require_period(from_on=from_on, until_on=until_on, today=TODAY)
    assert (refused.value.code, refused.value.errors[0]["field"]) == refusal


def test_a_last_day_is_not_past() -> None:
    with pytest.raises(Invalid):
        require_end(from_on=TODAY - 9 * DAY, until_on=TODAY - DAY, today=TODAY)
    require_end(from_on=TODAY - 9 * DAY, until_on=TODAY, today=TODAY)


def test_days_begin_at_five_on_the_clocks_of_the_business() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    planned = {"from_on": date(2026, 3, 29), "until_on": date(2026, 3, 29), "zone": berlin}
    assert next_turn(Status.PLANNED, **planned) == datetime(2026, 3, 29, 3, tzinfo=UTC)
    assert next_turn(Status.STANDING, **planned) == datetime(2026, 3, 30, 3, tzinfo=UTC)
    assert next_turn(Status.ENDED, **planned) is None
    assert next_turn(Status.STANDING, **planned | {"until_on": None}) is None


@given(from_on=DAYS, length=st.none() | st.integers(0, 9), agreed_on=DAYS)
def test_by_itself_it_stands_on_its_days_and_on_no_others(
    from_on: date, length: int | None, agreed_on: date
) -> None:
    from_on = max(from_on, agreed_on)
    until_on = None if length is None else from_on + length * DAY
    days = {"from_on": from_on, "until_on": until_on}
    status = first_status(from_on, agreed_on)
    for offset in range(40):
        today = agreed_on + offset * DAY
        turn = next_turn(status, **days, zone=UTC)
        if turn is not None and turn.date() == today:
            action = turn_on(today, status, **days)
            assert action is not None
            status = next_status(status, action)
        assert turn_on(today, status, **days) is None
        is_in_it = from_on <= today and (until_on is None or today <= until_on)
        assert (status == Status.STANDING) == is_in_it


@given(DAYS, st.none() | st.integers(0, 9), DAYS, st.none() | st.integers(0, 9))
def test_two_times_overlap_where_they_have_a_day_in_common(
    one: date, length: int | None, other: date, other_length: int | None
) -> None:
    def days_of(first: date, count: int | None) -> set[date]:
        return {first + n * DAY for n in range(60 if count is None else count + 1)}

    one_until = None if length is None else one + length * DAY
    other_until = None if other_length is None else other + other_length * DAY
    common = days_of(one, length) & days_of(other, other_length)
    assert overlap(one, one_until, other, other_until) == bool(common)
