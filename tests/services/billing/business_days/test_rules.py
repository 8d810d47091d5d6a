"""Due days that are no business days move to one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.business_days.rules import BusinessDays, move_to_business_day


@pytest.mark.parametrize(
    ("day", "country", "following", "previous"),
    [
        ("2026-03-16", "IE", "2026-03-16", "2026-03-16"),  # a Monday like any other
        ("2026-03-17", "IE", "2026-03-18", "2026-03-16"),  # Saint Patrick's
        ("2026-03-17", "DE", "2026-03-17", "2026-03-17"),
        ("2026-03-21", "DE", "2026-03-23", "2026-03-20"),  # a Saturday
        ("2026-12-25", "DE", "2026-12-28", "2026-12-24"),  # two holidays, then a Sunday
        ("2026-03-01", "IL", "2026-03-01", "2026-03-01"),  # Sundays are worked there
        ("2026-02-27", "IL", "2026-03-01", "2026-02-26"),  # Fridays are not
        ("2026-03-01", None, "2026-03-02", "2026-02-27"),
        ("2026-03-17", "ZZ", "2026-03-17", "2026-03-17"),
    ],
)
def test_a_day_moves_to_a_business_day_of_the_country(day, country, following, previous):
    def moved(choice):
        found = move_to_business_day(
            date.fromisoformat(day), choice=choice, country=country, earliest=date.min
        )
        return str(found)

    assert moved(BusinessDays.NONE) == day
    assert moved(BusinessDays.NEXT) == following
    assert moved(BusinessDays.PREVIOUS) == previous


@given(
    day=st.dates(date(1950, 1, 1)),
    choice=st.sampled_from(BusinessDays),
    country=st.sampled_from(["DE", "IE", "IL", "AE", None]),
)
def test_nothing_moves_before_its_invoice_nor_far(day, choice, country):
    found = move_to_business_day(day, choice=choice, country=country, earliest=day)
    assert 0 <= (found - day).days <= 15
    moved_again = move_to_business_day(found, choice=choice, country=country, earliest=day)
    assert moved_again == found
