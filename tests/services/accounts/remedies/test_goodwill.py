"""Goodwill is held to the account's yearly budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.calendar import add_months
from tests.services.accounts.remedies.conftest import Desk

pytestmark = pytest.mark.server


def goodwill(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.office.do(
        "get_goodwill", account_id=desk.account_id, currency="EUR"
    )
    return found


def give(desk: Desk, who: str, minor: int) -> dict[str, Any]:
    remedy: dict[str, Any] = desk.give(who, desk.case(), minor, kind="goodwill")
    return remedy


def test_of_24000_billed_and_210_used_30_are_left_so_that_40_goes_to_the_lead(desk: Desk) -> None:
    desk.bill(("Year", "1", 24_000_00))
    assert give(desk, "lea", 210_00)["status"] == "granted"
    assert goodwill(desk) == {
        "account_id": desk.account_id,
        "currency": "EUR",
        "billed_net": 24_000_00,
        "budget": 240_00,
        "used": 210_00,
        "left": 30_00,
    }
    above = give(desk, "ada", 40_00)
    assert (above["status"], above["approver_id"]) == ("waiting_for_approval", desk.people["lea"])
    assert give(desk, "ada", 30_00)["status"] == "granted"
    assert desk.do("lea", "approve_remedy", remedy_id=above["remedy_id"])["status"] == "granted"
    assert goodwill(desk)["used"] == 280_00
    assert goodwill(desk)["left"] == 0


def test_the_budget_is_at_most_1000(desk: Desk) -> None:
    desk.bill(("Year", "1", 200_000_00))
    assert goodwill(desk)["budget"] == 1_000_00


def test_a_credit_is_not_held_to_the_budget_nor_taken_from_it(desk: Desk) -> None:
    assert desk.give("ada", desk.case(), 40_00)["status"] == "granted"
    assert goodwill(desk)["used"] == 0


def test_goodwill_of_more_than_a_year_ago_is_given_again(desk: Desk) -> None:
    desk.bill(("Year", "1", 24_000_00), issued_on="2027-06-15")
    give(desk, "lea", 210_00)
    desk.office.moment = datetime(2027, 6, 14, 10, tzinfo=UTC)
    assert goodwill(desk)["used"] == 210_00
    desk.office.moment = datetime(2027, 6, 15, 10, tzinfo=UTC)
    assert goodwill(desk)["used"] == 0
    assert give(desk, "ada", 40_00)["status"] == "granted"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["bill", "goodwill", "refused", "credit"]),
            st.integers(1, 50_00),
            st.integers(0, 200),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_left_is_what_a_count_of_everything_says(
    office_of: Any, session: Any, desk_of: Any, story: Any
) -> None:
    with session.begin_nested() as savepoint:
        desk = desk_of(office_of(session))
        billed, given_ = [], []
        for what, minor, days in story:
            desk.office.moment += timedelta(days=days)
            today = desk.office.clock.today()
            if what == "bill":
                desk.bill(("Lamp", "1", minor * 100))
                billed.append((today, minor * 100))
                continue
            kind = "credit" if what == "credit" else "goodwill"
            remedy = desk.give("vera", desk.case(), minor, kind=kind)
            if what == "goodwill":
                given_.append((today, minor))
            if what == "refused":
                desk.office.do("note_remedy_refused", remedy_id=remedy["remedy_id"], reason="So.")
        today = desk.office.clock.today()
        since = add_months(today, -12)
        net = sum(amount for day, amount in billed if since < day <= today)
        used = sum(amount for day, amount in given_ if since < day <= today)
        budget = min((net + 50) // 100, 1_000_00)
        left = max(budget - used, 0)
        found = goodwill(desk)
        assert (found["budget"], found["used"], found["left"]) == (budget, used, left)
        savepoint.rollback()
