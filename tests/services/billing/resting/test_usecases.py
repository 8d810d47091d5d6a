"""What recurs rests with the service of its account, and ends with the account."""

from __future__ import annotations

import pytest

from kernel.ids import new_id
from services.billing.charges.queries import list_charge_history
from services.collections.suspension.events import ServiceSuspended
from tests.services.billing.charging import Charging, day
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def charging(books: Books, account: str) -> Charging:
    """199.99 for September is billed."""
    books.today = day("09-01")
    return Charging(books, account)


@pytest.fixture
def hosting(charging: Charging) -> str:
    charge_id = charging.add(unit_price=19999)
    assert charging.bill(charge_id) == [("09-01", "09-30", 19999)]
    charging.on("09-11")
    return charge_id


def test_days_without_service_are_taken_back_with_the_next_bill(charging, hosting) -> None:
    """Blocked on the 11th, freed on the 20th: repair -60.00, October's bill takes it first."""
    told = charging.block("09-11")
    assert charging.charge(hosting).suspended_on == day("09-11")
    charging.on("09-20")
    charging.hear(charging.freed(told, "09-20"))
    assert charging.pending(hosting) == [("09-11", "09-19", -6000)]
    charging.on("10-01")
    charging.record()
    assert charging.bill(hosting) == [("09-11", "09-19", -6000), ("10-01", "10-31", 19999)]
    assert charging.charge(hosting).suspended_on is None


def test_a_month_that_is_recorded_meanwhile_is_billed_from_the_day_it_is_freed(
    charging, hosting
) -> None:
    """Freed on 3 October: -133.33, and October is billed for 29 of 31 days, 187.09."""
    told = charging.block("09-11")
    charging.on("10-01")
    charging.record()
    assert charging.pending(hosting) == [("09-11", "09-30", -13333)]
    charging.on("10-03")
    charging.hear(charging.freed(told, "10-03"))
    assert charging.pending(hosting) == [("09-11", "09-30", -13333), ("10-03", "10-31", 18709)]


@pytest.mark.parametrize("order", ["in order", "late", "twice", "at once"])
def test_it_may_come_twice_and_in_any_order(charging, hosting, order) -> None:
    suspension_id = new_id("sus")
    blocked = charging.told(
        ServiceSuspended,
        suspension_id=suspension_id,
        suspended_on="2026-09-11",
    )
    freed = charging.freed(blocked, "09-20")
    told = {
        "in order": [[blocked], [freed]],
        "late": [[freed], [blocked]],
        "twice": [[blocked], [blocked], [freed], [freed]],
        "at once": [[freed, blocked]],
    }[order]
    for each in told:
        charging.hear(*each)
    assert charging.pending(hosting) == [("09-11", "09-19", -6000)]


def test_a_day_that_was_told_wrong_is_mended(charging, hosting) -> None:
    told = charging.block("09-06")
    assert charging.pending(hosting) == [("09-06", "09-30", -16666)]
    charging.block("09-11", suspension_id=told["suspension_id"], version=2)
    assert charging.pending(hosting) == [("09-11", "09-30", -13333)]


def test_a_day_that_was_told_wrong_may_be_after_the_end(charging, hosting) -> None:
    charging.act("end", hosting)
    told = charging.block("09-06")
    assert charging.pending(hosting) == [("09-06", "09-30", -16666)]
    charging.block("09-20", suspension_id=told["suspension_id"], version=2)
    assert charging.pending(hosting) == [("09-12", "09-30", -12666)]


def test_what_rests_is_told_and_kept(charging, hosting) -> None:
    told = charging.block("09-11")
    charging.hear(charging.freed(told, "09-20"))
    [suspended] = charging.books.announced("ChargeSuspended")
    [resumed] = charging.books.announced("ChargeResumed")
    assert (suspended["from_on"], suspended["version"]) == ("2026-09-11", 2)
    assert (resumed["from_on"], resumed["version"]) == ("2026-09-20", 3)
    history = list_charge_history(charging.session, charge_id=hosting, limit=9, after=None)
    assert [(one.action, one.suspension_id) for one in history["items"]] == [
        ("release", told["suspension_id"]),
        ("suspend", told["suspension_id"]),
        ("add", None),
    ]
    assert charging.charge(hosting).version == 3


def test_only_what_recurs_and_runs_rests(charging, hosting) -> None:
    once = charging.add(kind="one_off")
    ended = charging.add("09-01", end_on=day("09-10"))
    before = charging.pending(once), charging.pending(ended)
    charging.block("09-11")
    assert (charging.pending(once), charging.pending(ended)) == before
    told = charging.books.announced("ChargeSuspended")
    assert [one["charge_id"] for one in told] == [hosting]


def test_what_is_added_while_the_service_is_suspended_rests(charging, hosting) -> None:
    charging.block("09-11")
    charge_id = charging.add("09-01", unit_price=3000)
    assert charging.pending(charge_id) == [("09-01", "09-10", 1000)]
    assert charging.charge(charge_id).suspended_on == day("09-11")


def test_many_accounts_rest_in_a_fixed_number_of_statements(charging, books) -> None:
    def statements(count: int) -> int:
        others = [Charging(books, books.open_account()) for _ in range(count)]
        charge_ids = [(other, other.add("09-01", unit_price=3000)) for other in others]
        for other, charge_id in charge_ids:
            other.bill(charge_id)
        event = charging.told(
            ServiceSuspended,
            suspended_on="2026-09-11",
        )
        told = [
            event | {"account_id": other.account_id, "suspension_id": new_id("sus")}
            for other in others
        ]
        books.session.expunge_all()
        with books.counted() as sent:
            charging.hear(*told)
        for other, charge_id in charge_ids:
            assert other.pending(charge_id) == [("09-11", "09-30", -2000)]
        return len(sent)

    assert statements(1) == statements(7)


def test_charges_end_with_their_account(charging, hosting) -> None:
    ahead = charging.add("12-01")
    charging.closed(version=2)
    assert charging.pending(hosting) == [("09-12", "09-30", -12666)]
    assert [charging.charge(each).status for each in (hosting, ahead)] == ["ended", "ended"]
    assert charging.charge(ahead).end_on == day("11-30")
    charging.closed(version=2)
    assert len(charging.books.announced("ChargeEnded")) == 2


def test_charges_of_an_account_that_is_open_again_go_on(charging, hosting) -> None:
    charging.books.open_account(account_id=charging.account_id, version=3)
    charging.closed(version=2)
    assert charging.charge(hosting).status == "running"
