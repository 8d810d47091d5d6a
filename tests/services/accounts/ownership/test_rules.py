"""At every moment exactly one owner, however ownership changes."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import each_day
from kernel.refusals import Refusal
from services.accounts.ownership.rules import require_succession, say_owns, say_reports

FIRST = date(2026, 1, 1)

changes = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(-5, 5).map(timedelta),  # the day named, from today
        st.integers(0, 10).map(timedelta),  # days that pass before
    ),
    max_size=20,
)


@given(changes)
def test_every_day_has_exactly_one_owner(changes: list[tuple[str, timedelta, timedelta]]) -> None:
    today = FIRST
    periods: list[tuple[str, date, date | None]] = [("a", FIRST, None)]
    for owner, distance, passed in changes:
        today += passed
        present, since_on, _ = periods[-1]
        with contextlib.suppress(Refusal):
            require_succession(
                owner_id=present,
                since_on=since_on,
                new_owner_id=owner,
                new_since_on=today + distance,
                today=today,
            )
            periods[-1] = (present, since_on, today + distance)
            periods.append((owner, today + distance, None))
    for day in each_day(FIRST, today):
        owners = [
            owner
            for owner, since_on, until_on in periods
            if since_on <= day and (until_on is None or day < until_on)
        ]
        assert len(owners) == 1


def test_one_account_and_one_person_are_told_of_as_one() -> None:
    assert say_owns("Ada", 1) == "Ada owns 1 account; hand it over first."
    assert say_owns("Ada", 2) == "Ada owns 2 accounts; hand them over first."
    one, two = (say_reports("Lea", many) for many in (1, 2))
    assert one == "1 person reports to Lea; say first that they report to somebody else."
    assert two == "2 people report to Lea; say first that they report to somebody else."
