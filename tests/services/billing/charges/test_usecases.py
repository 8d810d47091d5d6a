"""Charges are billed by their days, changed, paused and ended; what was billed is repaired."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict, Invalid, NotKnownYet, Refusal, VersionMismatch
from services.billing.charges.queries import list_charge_history, list_charges, preview_periods
from services.billing.charges.schemas import AddCharge
from tests.services.billing.charging import ASKED, MONTHLY, Charging, day
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def charging(books: Books, account: str) -> Charging:
    books.today = day("03-12")
    return Charging(books, account)


def test_what_falls_due_at_once_is_to_be_billed_at_once(charging: Charging) -> None:
    charge_id = charging.add(client_order_number="PO-7")
    [one] = charging.billables(charge_id)
    assert charging.pending(charge_id) == [("03-12", "03-31", 19290)]
    assert (one.key, one.kind, one.bill_on) == (f"{charge_id}:2026-03-12", "charge", day("03-12"))
    assert (one.client_order_number, one.tax_percent) == ("PO-7", 19)
    charge = charging.charge(charge_id)
    assert (charge.recorded_until, charge.next_on) == (day("03-31"), day("04-01"))


def test_what_belongs_to_an_order_says_so_to_the_bill(charging: Charging, books: Books) -> None:
    order_id = books.order(charging.account_id)
    charge_id = charging.add(order_id=order_id)
    assert [one.order_id for one in charging.billables(charge_id)] == [order_id]
    assert [told["order_id"] for told in books.announced("ChargeAdded")] == [order_id]
    invoice = books.bill(charging.account_id, 100, order_id=order_id)  # it waits for nothing
    assert invoice.status == "issued"


def test_a_charge_belongs_to_an_order_of_its_own_account(charging: Charging, books: Books) -> None:
    with pytest.raises(NotKnownYet):
        charging.add(order_id=books.order(books.open_account()))


@pytest.mark.parametrize(
    ("facts", "pending", "next_on"),
    [
        ({"timing": "arrears"}, [], "04-01"),
        ({"anchor": "start"}, [("03-12", "04-11", 29900)], "04-12"),
        ({"quantity": Decimal("2.5")}, [("03-12", "03-31", 48226)], "04-01"),
        ({"unit": "day", "every": 10, "anchor": None}, [("03-12", "03-21", 29900)], "03-22"),
        ({"start": "02-10"}, [("02-10", "02-28", 20289), ("03-01", "03-31", 29900)], "04-01"),
        ({"start": "04-01"}, [], "04-01"),
        ({"end_on": day("03-15")}, [("03-12", "03-15", 3858)], None),
        ({"kind": "one_off"}, [("03-12", "03-12", 29900)], None),
        ({"kind": "one_off", "start": "03-20"}, [], "03-20"),
        ({"unit_price": 0}, [], "04-01"),
    ],
)
def test_a_charge_is_billed_by_its_days(charging, facts, pending, next_on) -> None:
    charge_id = charging.add(**(facts if "kind" in facts else MONTHLY | facts))
    assert charging.pending(charge_id) == pending
    charge = charging.charge(charge_id)
    assert charge.next_on == (next_on and day(next_on))
    assert charge.status == ("running" if next_on else "ended")


def test_what_was_billed_in_advance_is_repaired(charging: Charging) -> None:
    """299.00 paid in advance, 399.00 from the 12th: -192.90, +257.42."""
    charge_id = charging.add("03-01")
    charging.bill(charge_id)
    charging.act("change", charge_id, unit_price=39900)
    assert charging.pending(charge_id) == [("03-12", "03-31", -19290), ("03-12", "03-31", 25742)]
    assert {one.bill_on for one in charging.billables(charge_id) if one.pending} == {day("03-12")}
    charging.act("change", charge_id, unit_price=29900)
    assert charging.pending(charge_id) == []


def test_what_is_not_billed_yet_is_cancelled_and_made_anew(charging: Charging) -> None:
    charge_id = charging.add("03-01")
    charging.act("change", charge_id, unit_price=39900)
    assert charging.pending(charge_id) == [("03-01", "03-11", 10610), ("03-12", "03-31", 25742)]
    assert {one.bill_on for one in charging.billables(charge_id)} == {day("03-01")}


def test_a_price_that_is_agreed_ahead_stays(charging: Charging) -> None:
    charge_id = charging.add("03-01")
    charging.act("change", charge_id, "05-01", unit_price=50000)
    charging.act("change", charge_id, "04-01", unit_price=40000)
    ahead = preview_periods(charging.session, charge_id=charge_id, limit=3)["periods"]
    assert [(str(one["bill_on"]), one["net"]) for one in ahead] == [
        ("2026-04-01", 40000),
        ("2026-05-01", 50000),
        ("2026-06-01", 50000),
    ]


def test_a_paused_charge_is_not_billed(charging: Charging) -> None:
    charge_id = charging.add("03-01", unit_price=3100)
    charging.bill(charge_id)
    assert charging.act("pause", charge_id).status == "paused"
    assert charging.pending(charge_id) == [("03-12", "03-31", -2000)]
    charging.on("03-22")
    assert charging.act("resume", charge_id).status == "running"
    assert charging.pending(charge_id) == [("03-12", "03-21", -1000)]
    charging.act("pause", charge_id, "03-25")
    charging.act("resume", charge_id, "03-25")  # there was none
    assert charging.pending(charge_id) == [("03-12", "03-21", -1000)]


def test_what_was_billed_beyond_the_end_is_taken_back(charging: Charging) -> None:
    charge_id = charging.add("03-01", unit_price=3100)
    charging.bill(charge_id)
    assert charging.act("end", charge_id).status == "ended"
    assert charging.pending(charge_id) == [("03-13", "03-31", -1900)]
    assert charging.act("end", charge_id, "04-10").status == "running"
    assert charging.pending(charge_id) == []
    charging.act("end", charge_id, "02-28")
    assert charging.pending(charge_id) == [("03-01", "03-31", -3100)]


def test_what_is_done_is_told_and_kept(charging: Charging) -> None:
    charge_id = charging.add("03-01")
    for name, facts in [
        ("change", {"unit_price": 39900}),
        ("pause", {}),
        ("resume", {}),
        ("end", {}),
    ]:
        charging.act(name, charge_id, **facts)
    history = list_charge_history(charging.session, charge_id=charge_id, limit=9, after=None)
    actions = ["add", "change", "pause", "resume", "end"]
    assert [(one.version, one.action) for one in history["items"][::-1]] == [
        *enumerate(actions, start=1)
    ]
    assert {one.recorded_by for one in history["items"]} == {"tester"}
    names = [f"Charge{one}" for one in ["Added", "Changed", "Paused", "Resumed", "Ended"]]
    assert [told["version"] for told in charging.books.announced(*names)] == [1, 2, 3, 4, 5]
    assert charging.books.announced_names()[-5:] == names
    [changed] = charging.books.announced("ChargeChanged")
    assert (changed["unit_price"], changed["from_on"]) == (39900, "2026-03-12")


def test_an_old_version_is_not_changed(charging: Charging) -> None:
    charge_id = charging.add("03-01")
    charging.session.info["if_match"] = {charge_id: 7}
    with pytest.raises(VersionMismatch):
        charging.act("pause", charge_id)


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"kind": "one_off", "unit": "month"}, "charge_unclear", "unit"),
        ({"kind": "one_off", "end_on": day("03-20")}, "charge_unclear", "end_on"),
        ({"kind": "usage"}, "charge_unclear", "unit"),
        ({"kind": "usage", "unit": "month", "quantity": Decimal(2)}, "charge_unclear", "quantity"),
        ({"kind": "recurring", "unit": "month"}, "charge_unclear", "timing"),
        ({"unit_price": 10**15, "quantity": Decimal(2)}, "total_out_of_range", "unit_price"),
        ({"end_on": day("03-10")}, "ends_before_start", "end_on"),
    ],
)
def test_a_charge_that_is_unclear_is_refused(charging, facts, code, field) -> None:
    with pytest.raises(Invalid) as refused:
        charging.add(**facts)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


def test_not_more_periods_are_caught_up_than_can_be_at_once(charging: Charging) -> None:
    charging.on("06-01")
    with pytest.raises(Invalid) as refused:
        charging.add("01-01", unit="day")
    assert refused.value.code == "too_far_back"


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ({}, ("resume", None), "wrong_status"),
        ({}, ("change", "03-11"), "outside_charge"),
        ({"end_on": day("05-31")}, ("pause", "06-01"), "outside_charge"),
        ({"kind": "one_off", "start": "03-20"}, ("pause", "03-20"), "not_recurring"),
        ({"end_on": day("03-20")}, ("pause", None), "wrong_status"),  # all of it is recorded
    ],
)
def test_what_is_not_possible_is_refused(charging, first, then, code) -> None:
    charge_id = charging.add(**first)
    name, on = then
    facts: dict[str, Any] = {"unit_price": 1} if name == "change" else {}
    with pytest.raises(Conflict) as refused:
        charging.act(name, charge_id, on, **facts)
    assert refused.value.code == code


def test_nothing_is_charged_to_an_account_that_is_closing(charging: Charging) -> None:
    charge_id = charging.add("03-01", end_on=day("06-30"))
    charging.act("pause", charge_id)
    charging.books.open_account(account_id=charging.account_id, status="closing", version=2)
    charging.session.expire_all()
    refused = []
    for act in (
        charging.add,
        lambda: charging.act("resume", charge_id),
        lambda: charging.act("end", charge_id, "07-01"),
    ):
        with pytest.raises(Refusal) as error:
            act()
        refused.append(error.value.code)
    assert refused == ["account_closing"] * 3
    assert charging.act("end", charge_id).status == "ended"


def test_charges_are_found_by_account_status_and_suspension(charging: Charging) -> None:
    running, ended = charging.add(), charging.add(kind="one_off")
    other = Charging(charging.books, charging.books.open_account())
    paused = other.add()
    other.act("pause", paused)

    def found(**asked: Any) -> set[str]:
        usual = {"account_id": None, "status": None, "is_suspended": None}
        page = list_charges(charging.session, limit=9, after=None, **usual | asked)
        return {one.charge_id for one in page["items"]}

    assert found(account_id=charging.account_id) == {running, ended}
    assert found(status="running") == {running}
    assert found(status="paused") == {paused}
    charging.block("03-12")
    assert found(is_suspended=True) == {running}
    assert found(is_suspended=False) == {paused, ended}


def test_the_fields_of_a_new_charge_are_the_parameters_of_the_use_case() -> None:
    assert AddCharge().fields.keys() == {*ASKED, "account_id", "start_on"}


def test_a_charge_says_how_it_is_taxed(charging: Charging) -> None:
    exempt = {"tax_percent": Decimal(0), "tax_code": "exempt", "exemption_reason": "Insurance."}
    [one] = charging.billables(charging.add(**exempt))
    assert (one.tax_code, one.exemption_reason) == ("exempt", "Insurance.")
    [one] = charging.billables(charging.add())
    assert (one.tax_code, one.exemption_reason) == ("standard", None)
    with pytest.raises(Invalid) as refused:
        charging.add(**exempt | {"exemption_reason": None})
    assert refused.value.errors[0]["field"] == "exemption_reason"


@pytest.mark.parametrize("way", [("change", {"unit_price": 29900}), ("end", {})])
def test_what_is_decided_again_as_it_is_counts_as_a_version_and_hinders_nothing_later(
    charging: Charging, way: tuple[str, dict[str, int]]
) -> None:
    name, facts = way
    charge_id = charging.add()
    for _ in range(2):
        charging.act(name, charge_id, **facts)
    charge = charging.act("end", charge_id, "03-31")
    assert (charge.status, charge.version) == ("ended", 4)
