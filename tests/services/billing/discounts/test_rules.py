"""What is paid early settles more than it comes to."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.billing.discounts.rules import (
    Discount,
    Stage,
    discount_of,
    enough_for,
    offers_of,
    percent_on,
    settled_by,
)


@pytest.mark.parametrize(
    ("paid", "owed", "percent", "settled"),
    [
        (40000, 80000, "3", 41237),
        (37600, 38763, "3", 38763),
        (77600, 80000, "3", 80000),
        (77599, 80000, "3", 79999),
        (79000, 80000, "3", 80000),  # never more than is open
        (80000, 80000, "3", 80000),
        (40000, 80000, "0", 40000),
        (90000, 80000, "0", 80000),
        (1, 2, "60", 2),
    ],
)
def test_what_is_paid_early_settles_what_it_is_after_the_discount(paid, owed, percent, settled):
    assert settled_by(paid, owed=owed, percent=Decimal(percent)) == settled


@pytest.mark.parametrize(
    ("owed", "percent", "enough"),
    [(38763, "3", 37600), (80000, "3", 77600), (80000, "0", 80000), (1, "99", 1), (0, "3", 0)],
)
def test_so_much_is_enough(owed, percent, enough):
    assert enough_for(owed, percent=Decimal(percent)) == enough


@given(st.integers(1, 10**15), st.decimals(0, "99.999", places=3))
def test_enough_is_the_least_that_settles_it_all(owed, percent):
    enough = enough_for(owed, percent=percent)
    assert settled_by(enough, owed=owed, percent=percent) == owed
    assert enough == 1 or settled_by(enough - 1, owed=owed, percent=percent) < owed


@pytest.mark.parametrize(
    ("paid_on", "percent"), [(date(2026, 3, 12), 3), (date(2026, 3, 13), 0), (None, 0)]
)
def test_only_money_that_was_there_in_time_takes_it(paid_on, percent):
    until = Discount(Decimal(3), 10).until(date(2026, 3, 2))
    item = SimpleNamespace(discount_percent=Decimal(3), discount_until=until, later_discounts=None)
    assert percent_on(item, paid_on) == percent
    none = SimpleNamespace(discount_percent=None, discount_until=None)
    assert percent_on(none, paid_on) == 0


@pytest.mark.parametrize(
    ("percent", "days", "field"),
    [
        ("3", None, "discount_days"),
        (None, 10, "discount_percent"),
        ("0", 10, "discount_percent"),
        ("100", 10, "discount_percent"),
    ],
)
def test_half_a_discount_is_none(percent, days, field):
    with pytest.raises(Invalid) as refused:
        discount_of(percent and Decimal(percent), days)
    assert refused.value.errors[0]["field"] == field


LADDER = Discount(Decimal(3), 7, (Stage(Decimal(2), 14), Stage(Decimal("0.5"), 21)))
ISSUED_ON = date(2026, 3, 2)


def laddered():
    return SimpleNamespace(
        discount_percent=LADDER.percent,
        discount_until=LADDER.until(ISSUED_ON),
        later_discounts=LADDER.later_until(ISSUED_ON),
    )


@pytest.mark.parametrize(
    ("paid_on", "percent"),
    [
        (date(2026, 3, 9), "3"),
        (date(2026, 3, 10), "2"),
        (date(2026, 3, 16), "2"),
        (date(2026, 3, 17), "0.5"),
        (date(2026, 3, 23), "0.5"),
        (date(2026, 3, 24), "0"),
        (None, "0"),
    ],
)
def test_of_a_ladder_the_first_stage_that_is_not_over_counts(paid_on, percent):
    assert percent_on(laddered(), paid_on) == Decimal(percent)


def test_each_stage_is_offered_with_what_is_enough():
    item = laddered()
    offers = offers_of(80000, item.discount_percent, item.discount_until, item.later_discounts)
    assert [(str(one.percent), str(one.until), one.enough) for one in offers] == [
        ("3", "2026-03-09", 77600),
        ("2", "2026-03-16", 78400),
        ("0.5", "2026-03-23", 79600),
    ]
    assert offers_of(0, item.discount_percent, item.discount_until, item.later_discounts) == []
    assert offers_of(80000, None, None, None) == []


@pytest.mark.parametrize("later", [(3, 14), (4, 14), (2, 7), (2, 6), (0, 14)])
def test_a_later_stage_is_less_within_more_days(later):
    percent, days = later
    with pytest.raises(Invalid) as refused:
        discount_of(Decimal(3), 7, [{"percent": Decimal(percent), "days": days}])
    assert refused.value.code == "discount_unclear"
    assert refused.value.errors[0]["field"] == "later_discounts"


def test_there_is_no_later_stage_without_a_first():
    with pytest.raises(Invalid):
        discount_of(None, None, [{"percent": Decimal(2), "days": 14}])


def test_a_ladder_is_read_as_it_was_stored():
    assert discount_of(LADDER.percent, LADDER.days, LADDER.store_later()) == LADDER
