"""What falls due of charges is recorded every morning, in groups, also what was missed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from services.billing.recording import usecases
from tests.services.billing.charging import Charging, day
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def charging(books: Books, account: str) -> Charging:
    books.today = day("03-01")
    return Charging(books, account)


def test_a_period_is_recorded_in_the_morning_of_its_day(charging: Charging) -> None:
    advance = charging.add("04-01")
    arrears = charging.add(unit="month", timing="arrears")
    charging.on("03-31")
    charging.record()
    assert charging.pending(advance) == charging.pending(arrears) == []
    charging.on("04-01")
    charging.record()
    assert charging.pending(advance) == [("04-01", "04-30", 29900)]
    assert charging.pending(arrears) == [("03-01", "03-31", 29900)]
    assert charging.charge(advance).next_on == charging.charge(arrears).next_on == day("05-01")
    charging.record()
    assert len(charging.billables(advance)) == 1


def test_days_that_were_missed_are_caught_up(charging: Charging) -> None:
    charge_id = charging.add("03-01", unit="week", anchor="start", end_on=day("03-20"))
    charging.on("05-01")
    charging.record()
    assert charging.pending(charge_id) == [
        ("03-01", "03-07", 29900),
        ("03-08", "03-14", 29900),
        ("03-15", "03-20", 25629),
    ]
    assert (charging.charge(charge_id).status, charging.charge(charge_id).next_on) == (
        "ended",
        None,
    )


def test_a_group_is_recorded_after_the_other(charging: Charging, monkeypatch) -> None:
    monkeypatch.setattr(usecases, "AT_ONCE", 2)
    charge_ids = [charging.add("03-02") for _ in range(5)]
    charging.on("03-02")
    assert charging.record() == 3
    for charge_id in charge_ids:
        assert charging.pending(charge_id) == [("03-02", "03-31", 28935)]


def test_what_was_interrupted_goes_on_where_it_was(charging: Charging, monkeypatch) -> None:
    """One group is recorded, and nothing is known of how far it was: all is begun again."""
    monkeypatch.setattr(usecases, "AT_ONCE", 2)
    charge_ids = [charging.add("03-02") for _ in range(5)]
    charging.on("03-02")
    place = {"day": charging.books.today, "after_on": None, "after_id": None}
    usecases.record_some(charging.session, **place, now=charging.books.now, by="tester")
    charging.session.info["due"] = []
    assert charging.record() == 2
    assert [len(charging.billables(each)) for each in charge_ids] == [1] * 5


def test_a_charge_that_fails_stops_no_other(charging: Charging) -> None:
    bad, good = charging.add("03-02"), charging.add("03-02")
    charging.session.execute(
        text("UPDATE charge SET agreed = '[]' WHERE charge_id = :bad"), {"bad": bad}
    )
    charging.on("03-02")
    assert charging.record() == 1
    assert charging.pending(good) == [("03-02", "03-31", 28935)]
    assert charging.billables(bad) == []


def test_the_number_of_statements_does_not_grow(charging: Charging, books: Books) -> None:
    def statements(count: int) -> int:
        for _ in range(count):
            Charging(books, books.open_account()).add("03-02")
        books.session.expunge_all()
        with books.counted() as sent:
            usecases.record_some(
                books.session,
                day=day("03-02"),
                after_on=None,
                after_id=None,
                now=books.now,
                by="tester",
            )
        return len(sent)

    assert statements(1) == statements(20)


def test_only_those_whose_day_has_come_are_read(charging: Charging) -> None:
    charging.add("03-02")
    charging.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = charging.session.execute(
        text(
            "EXPLAIN SELECT next_on, charge_id FROM charge WHERE next_on <= '2026-03-02'"
            " ORDER BY next_on, charge_id LIMIT 500"
        )
    )
    assert "ix_charge_next_on" in str(plan.all())
