"""What comes of the rounds of a row: medians, ratios, and whether an aim is met."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.bench.figures import (
    MS,
    PER_SECOND,
    TIMES,
    Aim,
    Figure,
    Result,
    at_least,
    at_most,
    compare,
)

VALUES = st.floats(0.01, 1e6)


def figure(value: float, name: str = "reads", unit: str = PER_SECOND) -> Figure:
    return Figure(name, value, unit, more=f"seen at {value}")


@pytest.mark.parametrize(
    ("aim", "value", "is_met"),
    [
        (at_least(1500), 1500, True),
        (at_least(1500), 1499, False),
        (at_most(30), 30, True),
        (at_most(30), 30.1, False),
        (None, 30, None),
    ],
)
def test_an_aim_is_met_at_its_bound_and_beyond(
    aim: Aim | None, value: float, is_met: bool | None
) -> None:
    assert Result(Figure("reads", value, PER_SECOND, aim=aim), value).is_met is is_met


def test_a_result_is_the_median_with_the_words_of_its_round() -> None:
    [result] = compare([[figure(3)], [figure(90)], [figure(5)]])
    assert (result.value, result.figure.more) == (5, "seen at 5")


def test_an_aim_is_held_against_the_median_and_not_against_one_round() -> None:
    rounds = [[Figure("reads", value, PER_SECOND, aim=at_least(4))] for value in (1, 4, 9)]
    assert compare(rounds)[0].is_met
    assert not compare(rounds[:2])[0].is_met


def test_what_the_base_cannot_do_has_no_ratio() -> None:
    both = compare([[figure(4), figure(2, "days")]], [[figure(8)]])
    assert [(one.figure.name, one.base, one.ratio) for one in both] == [
        ("reads", 8, 0.5),
        ("days", None, None),
    ]


@pytest.mark.parametrize(("unit", "gain"), [(PER_SECOND, 2), (TIMES, 2), (MS, 0.5), ("s", 0.5)])
def test_more_is_better_of_rates_and_less_of_times(unit: str, gain: float) -> None:
    [result] = compare([[figure(8, unit=unit)]], [[figure(4, unit=unit)]])
    assert (result.ratio, result.gain) == (2, gain)


@given(st.lists(VALUES, min_size=1), VALUES)
def test_a_result_lies_between_the_rounds_and_the_ratio_is_that_of_the_medians(
    values: list[float], base: float
) -> None:
    [result] = compare([[figure(value)] for value in values], [[figure(base)]])
    assert min(values) <= result.value <= max(values)
    assert result.ratio == result.value / base
