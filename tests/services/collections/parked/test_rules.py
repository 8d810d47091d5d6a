"""Claims about accounts that nothing can be decided about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DataError

from kernel.refusals import Conflict
from services.collections.dunning.rules import OpenItem
from services.collections.parked.rules import REASON_MAX, judge_each, why
from tests.services.collections.examples import open_item


def _items(accounts: list[str]) -> list[OpenItem]:
    return [open_item(account_id=one, item_id=f"{one} {n}") for one in accounts for n in (1, 2)]


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_an_account_that_cannot_be_judged_keeps_no_other_from_it(
    accounts: set[str], bad: set[str]
) -> None:
    def judge(own: list[OpenItem]) -> list[str]:
        if own[0].account_id in bad:
            raise ZeroDivisionError(own[0].account_id)
        return [item.item_id for item in own]

    judged, errors = judge_each(_items(sorted(accounts)), judge)

    assert judged == {one: [f"{one} 1", f"{one} 2"] for one in sorted(accounts - bad)}
    assert {one: str(error) for one, error in errors.items()} == {
        one: one for one in sorted(accounts & bad)
    }


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OverflowError("date value out of range"), "OverflowError: date value out of range"),
        (AssertionError(), "AssertionError"),
        (Conflict("run_state", "The run is over."), "The run is over"),
        (ValueError("first line\nsecond line"), "ValueError: first line"),
        (
            DataError("SELECT secret", {"iban": "DE1"}, ValueError("bigint out of range")),
            "ValueError: bigint out of range",
        ),
    ],
)
def test_the_reason_is_one_line_without_what_was_asked_of_the_database(
    error: Exception, words: str
) -> None:
    assert why(error) == words


def test_the_reason_is_not_longer_than_people_read() -> None:
    assert len(why(ValueError("x" * 10_000))) == REASON_MAX == 300


def test_a_day_is_no_reason() -> None:
    judged, errors = judge_each([open_item(due_date=date.max)], lambda own: own[0].due_date)

    assert (judged, errors) == ({"acc_1": date.max}, {})
