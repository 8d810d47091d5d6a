"""Claims about money: no currency is mixed with another, and no cent is made or lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money, decimals, is_currency, round_half_even, round_half_up, split

AMOUNTS = st.integers(-(10**15), 10**15)
EXACT = st.decimals(-(10**12), 10**12, places=6)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("code", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("ZWG", 2), ("XPF", 0)]
)
def test_a_currency_has_its_own_number_of_decimals(code: str, places: int) -> None:
    assert is_currency(code)
    assert decimals(code) == places


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "", "XXX", "DEM"])
def test_what_is_no_currency_of_today_is_none(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(AssertionError, match="ISO 4217"):
        Money(1, code)


@pytest.mark.parametrize("minor", [1.5, "1", Decimal(1), None])
def test_money_is_whole_minor_units(minor: object) -> None:
    with pytest.raises(AssertionError, match="whole minor units"):
        Money(minor, "EUR")  # type: ignore[arg-type]


@given(AMOUNTS, AMOUNTS)
def test_money_of_one_currency_counts_as_whole_numbers_do(one: int, other: int) -> None:
    assert euro(one) + euro(other) == euro(one + other)
    assert euro(one) - euro(other) == euro(one - other)
    assert -euro(one) == euro(-one)
    assert (euro(one) < euro(other)) == (one < other)
    assert (euro(one) <= euro(other)) == (one <= other)
    assert (euro(one) > euro(other)) == (one > other)
    assert (euro(one) >= euro(other)) == (one >= other)
    assert bool(euro(one)) == (one != 0)
    assert (euro(one) == Money(one, "USD")) is False


@given(AMOUNTS, AMOUNTS)
def test_currencies_are_never_mixed(one: int, other: int) -> None:
    dollars = Money(other, "USD")
    for mix in ("__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"):
        with pytest.raises(ValueError, match="EUR and USD are never mixed"):
            getattr(euro(one), mix)(dollars)
    with pytest.raises(ValueError, match="never mixed"):
        Money.total([euro(one), dollars], "EUR")


@given(st.lists(AMOUNTS))
def test_a_total_is_the_sum_and_nothing_is_nothing(amounts: list[int]) -> None:
    assert Money.total(map(euro, amounts), "EUR") == euro(sum(amounts))
    assert Money.total([], "EUR") == Money.zero("EUR") == euro(0)


@pytest.mark.parametrize(
    ("money", "read"),
    [
        (Money(123450, "EUR"), "1,234.50 EUR"),
        (Money(-5, "EUR"), "-0.05 EUR"),
        (Money(0, "EUR"), "0.00 EUR"),
        (Money(1234, "JPY"), "1,234 JPY"),
        (Money(1234567, "KWD"), "1,234.567 KWD"),
    ],
)
def test_money_is_shown_as_people_read_it(money: Money, read: str) -> None:
    assert str(money) == read


@pytest.mark.parametrize(
    ("exact", "up", "even"),
    [
        ("0.5", 1, 0),
        ("1.5", 2, 2),
        ("2.5", 3, 2),
        ("-0.5", -1, 0),
        ("-2.5", -3, -2),
        ("2.4999", 2, 2),
        ("2.5001", 3, 3),
        ("7", 7, 7),
    ],
)
def test_halves_go_away_from_zero_in_commerce_and_to_the_even_neighbour_in_statistics(
    exact: str, up: int, even: int
) -> None:
    assert round_half_up(Decimal(exact))[0] == up
    assert round_half_even(Decimal(exact))[0] == even


@given(EXACT)
def test_what_rounding_leaves_over_is_told_and_is_half_a_unit_at_most(exact: Decimal) -> None:
    for rounding in (round_half_up, round_half_even):
        rounded, left = rounding(exact)
        assert rounded + left == exact
        assert abs(left) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [1, 2], [2, 3]),
        (10, [0, 1], [0, 10]),
        (1, [1, 3], [0, 1]),
        (0, [2, 5], [0, 0]),
        (7, [3], [7]),
        (89, [100, 19, -30], [100, 19, -30]),
        (40, [100, 19, -30], [45, 9, -14]),
    ],
)
def test_an_amount_is_split_in_proportion(minor: int, weights: list[int], parts: list[int]) -> None:
    assert split(minor, weights) == parts


WEIGHTS = st.lists(st.integers(-(10**3), 10**6), min_size=1, max_size=12).filter(
    lambda weights: sum(weights) > 0
)


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_to_the_whole_and_are_less_than_a_unit_off(
    minor: int, weights: list[int]
) -> None:
    parts = split(minor, weights)
    assert sum(parts) == minor
    assert len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(minor * weight, sum(weights))) < 1
        assert weight or not part


@given(WEIGHTS, st.data())
def test_no_part_of_a_part_of_the_whole_exceeds_its_weight(
    weights: list[int], data: st.DataObject
) -> None:
    minor = data.draw(st.integers(0, sum(weights)))
    for part, weight in zip(split(minor, weights), weights, strict=True):
        assert min(0, weight) <= part <= max(0, weight)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [2, -2], [1, -2]])
def test_weights_that_say_nothing_are_a_mistake(weights: list[int]) -> None:
    with pytest.raises(AssertionError, match="weights"):
        split(100, weights)
