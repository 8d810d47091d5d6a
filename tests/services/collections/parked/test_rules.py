"""Claims about accounts that nothing can be decided about."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.collections.dunning.rules import OpenItem
from services.collections.parked.rules import judge_each
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


def test_a_day_is_no_reason() -> None:
    judged, errors = judge_each([open_item(due_date=date.max)], lambda own: own[0].due_date)

    assert (judged, errors) == ({"acc_1": date.max}, {})
