"""Billing runs as a caller meets them: JSON in, JSON out, and what is due is done in between."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from chassis.doors.due_times import perform_due_times
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from services.billing.billables.usecases import add_billables
from services.billing.service import Billing
from tests.services.client import Client

pytestmark = pytest.mark.server

CLERK = Caller("kim", frozenset({"billing:read", "billing:write"}))
CHIEF = Caller("lee", frozenset({"billing:read", "billing:write", "billing:approve"}))


class Office:
    """A clerk who plans runs, and a chief who approves them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        client.caller = CLERK
        self.usual, self.odd = self._account(), self._account(order_number_required=True)

    def _account(self, **facts: Any) -> str:
        account = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
        account |= {"account_id": new_id("acc")} | facts
        self.client.hear("keep_accounts", **account)
        return str(account["account_id"])

    def charge(self, account_id: str, unit_price: int) -> None:
        row = {
            "key": new_id("key"),
            "account_id": account_id,
            "kind": "charge",
            "currency": "EUR",
            "description": "Support in March",
            "quantity": Decimal(1),
            "unit_price": unit_price,
            "tax_percent": Decimal(19),
            "bill_on": self.client.now.date(),
        }
        with Session(self.client.bind) as session, session.begin():
            add_billables(session, [row], now=self.client.now, by="charges")

    def perform(self) -> None:
        """Let everything be done that is due by now."""
        while perform_due_times(self.client.bind, Billing()):  # type: ignore[arg-type]
            pass


@pytest.fixture
def office(client: Client, monkeypatch: pytest.MonkeyPatch) -> Office:
    by_hand = SimpleNamespace(is_clock_manual=True)
    monkeypatch.setattr("chassis.doors.due_times.settings", lambda: by_hand)
    return Office(client)


def test_a_run_from_its_plan_to_its_last_parked_bill(office: Office) -> None:
    call = office.client.call
    office.charge(office.usual, 10000)
    office.charge(office.odd, 20000)
    accounts = [office.usual, office.odd]
    planned = call("plan_billing_run", cutoff_on="2026-03-02", accounts=accounts)
    run = {"billing_run_id": planned["billing_run_id"]}
    assert (planned["status"], planned["bills"], planned["left"]) == ("planned", 2, 2)
    assert (planned["lines_max"], planned["ratio_max"]) == (500, "5")
    with pytest.raises(Conflict, match="The billing run is planned"):
        call("approve_billing_run", **run, caller=CHIEF)
    office.perform()

    shown = call("preview_billing_run", **run)
    assert [(one["status"], one["total"]) for one in shown["counts"]] == [
        ("parked", 23800),
        ("pending", 11900),
    ]
    assert [one["reason"] for one in shown["left_out"]] == ["order_number_missing"]
    assert [one["total"] for one in shown["largest"]] == [23800, 11900]
    assert [one["account_id"] for one in shown["first"]] == [office.usual]
    [parked] = call("list_bills", **run, status="parked")["items"]
    assert "order number" in parked["detail"]
    with pytest.raises(Forbidden):
        call("approve_billing_run", **run)
    assert call("approve_billing_run", **run, caller=CHIEF)["status"] == "approved"
    office.perform()

    bill = {**run, "account_id": office.odd, "currency": "EUR", "reason": "They said it."}
    done = call("retry_bill", **bill, client_order_number="PO 12")
    assert (done["status"], done["decided_by"]) == ("invoiced", "kim")
    finished = call("get_billing_run", **run)
    assert (finished["status"], finished["approved_by"], finished["left"]) == (
        "completed",
        "lee",
        0,
    )
    of_run = call("list_invoices", **run)["items"]
    assert {one["client_order_number"]: one["total"] for one in of_run} == {
        None: 11900,
        "PO 12": 23800,
    }
    invoice = call("get_invoice", invoice_id=done["invoice_id"])
    assert [line["description"] for line in invoice["lines"]] == ["Support in March"]
    newest = call("list_billing_runs", limit=1)["items"][0]
    assert newest["billing_run_id"] == run["billing_run_id"]
    told = [one["status"] for one in office.client.announced("billing_run_completed")]
    assert told == ["completed_with_parked", "completed"]


def test_the_day_bills_who_wants_their_bill_then(office: Office) -> None:
    office.client.call(
        "set_billing_routine", account_id=office.usual, bill_day=3, reason="So agreed."
    )
    office.charge(office.usual, 10000)
    office.charge(office.odd, 10000)
    for days in range(2):
        office.client.day((office.client.now + timedelta(days=days)).date())
        office.perform()
        billed = office.client.call("list_invoices", account_id=office.usual)["items"]
        assert [one["issued_on"] for one in billed] == ["2026-03-03"][:days]
    assert office.client.call("list_invoices", account_id=office.odd)["items"] == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"cutoff_on": "2190-01-01"}, "cutoff_on"),
        ({"ratio_max": "0.5"}, "ratio_max"),
        ({"bill_day": 3, "accounts": ["acc_01jd3v4q6ye8z9t5k2m7n0p1xw"]}, "bill_day"),
        ({"bill_day": 32}, "bill_day"),
        ({"lines_max": 0}, "lines_max"),
        ({"accounts": []}, "accounts"),
    ],
)
def test_what_a_run_cannot_be_is_refused_by_field(
    office: Office, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.client.call("plan_billing_run", **{"cutoff_on": "2026-03-02"} | asked)
    assert refused.value.errors[0]["field"] == field


def test_what_is_not_there_is_not_found(office: Office) -> None:
    run = {"billing_run_id": new_id("brn")}
    for endpoint in ("get_billing_run", "preview_billing_run", "list_bills"):
        with pytest.raises(NotFound):
            office.client.call(endpoint, **run)
    office.charge(office.usual, 100)
    planned = office.client.call(
        "plan_billing_run", cutoff_on="2026-03-02", accounts=[office.usual]
    )
    office.perform()
    run = {"billing_run_id": planned["billing_run_id"]}
    bill = {**run, "account_id": office.odd, "currency": "EUR", "reason": "Why not."}
    with pytest.raises(NotFound, match="has no bill in EUR"):
        office.client.call("skip_bill", **bill)
    cancelled = office.client.call("cancel_billing_run", **run, reason="A mistake.")
    assert cancelled["status"] == "cancelled"
    with pytest.raises(Conflict, match="The billing run is cancelled"):
        office.client.call("skip_bill", **bill | {"account_id": office.usual})
