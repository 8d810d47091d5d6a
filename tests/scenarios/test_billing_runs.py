"""Charges and goods of a month, billed by runs: foreseen, approved by a person, issued, taken back."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pyotp
import pytest

from dev.servers import Servers
from kernel.calendar import add_days, add_months
from kernel.ids import new_id
from ops.client import Client, Refused
from services.collections.suspension.events import ServiceSuspended
from tests.scenarios.firm import Firm
from tests.scenarios.playing import announce_as

pytestmark = pytest.mark.server

PASSWORD = "correct horse battery staple"
LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)


class Office:
    """Where bills are made: four accounts, what they are charged and sent, runs, and a director who
    approves them. Amounts in cents; all charges begin on the 12th of a month of 31 days."""

    def __init__(self, firm: Firm, servers: Servers) -> None:
        self.firm, self.client, self.servers = firm, firm.client, servers
        first = firm.today.replace(day=1)
        while firm.today >= first.replace(day=12) or first.month not in LONG_MONTHS:
            first = add_months(first, 1)
        self.start, self.next_first = first.replace(day=12), add_months(first, 1)
        self.monthly, self.demanding, self.repaired, self.suspended = (
            firm.open_account() for _ in range(4)
        )
        self.chief_id, self.chief = self._sign_in()

    def go_to(self, day: date) -> None:
        self.firm.wait((day - self.firm.today).days)

    def charge(self, account: dict[str, Any], unit_price: int, **facts: Any) -> str:
        """Something charged; its path. Hosting by the month, in advance, unless said otherwise."""
        said = {
            "account_id": account["account_id"],
            "description": "Hosting",
            "currency": "EUR",
            "unit_price": unit_price,
            "tax_percent": "19.00",
            "start_on": str(self.start),
        }
        monthly = {"unit": "month", "anchor": "calendar", "timing": "advance"}
        asked = said | ({} if "kind" in facts else monthly) | facts
        return f"/v1/charges/{self.client.post('/v1/charges', asked)['charge_id']}"

    def use(self, charge: str) -> None:
        """Tell of what was used, some of it twice."""
        for quantity, name in (("5", "a"), ("7.5", "b"), ("7.5", "b")):
            used = {"quantity": quantity, "used_on": str(self.start), "external_id": name}
            self.client.post(f"{charge}/usage", used)

    def sell(self) -> None:
        """Send five cases of tea in two shipments, of which one comes back."""
        self.order = self.firm.order(self.monthly, TEA=5)
        self.firm.ship(self.order, TEA=2)
        self.firm.ship(self.order, TEA=3)
        self.come_back()

    def come_back(self) -> None:
        """A case of tea comes back."""
        self.firm.take_back(self.order, 1)

    def tea(self) -> list[int]:
        """How many cases were shipped, came back, are billed, credited and to be billed."""
        [line] = self.client.get(f"/v1/orders/{self.order['order_id']}/billing")["lines"]
        names = ("shipped", "returned", "billed", "credited", "to_bill")
        return [int(line[name]) for name in names]

    def suspend(self, from_on: date) -> None:
        told = {"account_id": self.suspended["account_id"], "suspended_on": str(from_on)}
        told["suspension_id"] = new_id("sus")
        announce_as("collections", self.firm, self.servers, ServiceSuspended, **told)

    def plan(self, *accounts: dict[str, Any]) -> str:
        """Plan a run until today over accounts, and have it foreseen; its path."""
        ids = [account["account_id"] for account in accounts]
        asked = {"cutoff_on": str(self.firm.today), "accounts": ids}
        run = self.client.post("/v1/billing-runs", asked)
        assert run["status"] == "planned"
        self.firm.wait()
        path = f"/v1/billing-runs/{run['billing_run_id']}"
        assert self.client.get(path)["status"] == "previewed"
        return path

    def approve(self, run: str) -> dict[str, Any]:
        """Have the director approve a run, always by the same key, and let it go through; the answer."""
        approved: dict[str, Any] = self.chief.post(f"{run}/approve", key=f"approve{run}")
        self.firm.wait()
        return approved

    def status(self, run: str) -> str:
        return str(self.client.get(run)["status"])

    def bills(self, run: str) -> dict[str, tuple[Any, ...]]:
        """What a run bills whom: where that stands, why not, and what it comes to."""
        return {
            bill["account_id"]: (bill["status"], bill["reason"], bill["total"])
            for bill in self.client.list(f"{run}/items")
        }

    def invoices(self, account: dict[str, Any]) -> list[tuple[str, int, bool]]:
        """The account's invoices: by which run, what they come to, and whether they stand."""
        return [
            (f"/v1/billing-runs/{one['billing_run_id']}", one["total"], one["voided_on"] is None)
            for one in self.firm.invoices(account)
        ]

    def _sign_in(self) -> tuple[str, Any]:
        """A director who sees all accounts, and the gateway as they call it."""
        named = {"name": "Dora Vale", "email": "dora.vale@firm.example"}
        staff_id = self.client.post("/v1/staff", {**named, "role": "director"})["staff_id"]
        roles = ["director", "credit_controller"]
        invited = {**named, "roles": roles, "staff_id": staff_id}
        path = f"/v1/persons/{self.client.post('/v1/persons', invited)['person_id']}"
        self.client.post(f"{path}/set-password", {"password": PASSWORD})
        secret = self.client.post(f"{path}/enrol-code-generator")["secret"]
        code = pyotp.TOTP(secret).at(int(time.time()))
        sent = {"email": named["email"], "password": PASSWORD, "code": code}
        return staff_id, self.client.as_holder_of(self.client.post("/v1/sessions", sent)["token"])


def begin(office: Office) -> None:
    """Four accounts, eight days into a month; what the third was billed is to be given back."""
    client, start = office.client, office.start
    agreed = {"bills": "monthly", "bill_day": 1, "reason": "One bill a month is enough."}
    client.put(f"/v1/accounts/{office.monthly['account_id']}/billing-routine", agreed)
    demands = {"order_number_required": True}
    client.patch(f"/v1/accounts/{office.demanding['account_id']}", demands)
    office.charge(office.monthly, 29900)
    calls = office.charge(office.monthly, 200, kind="usage", unit="week", description="Calls")
    office.charge(office.demanding, 10000, kind="one_off", description="Set up")
    never_used = office.charge(office.repaired, 31000)
    office.charge(office.suspended, 29900)
    office.go_to(start)
    run = office.plan(office.repaired)
    office.approve(run)
    assert office.invoices(office.repaired) == [(run, 23800, True)]
    client.post(f"{never_used}/end", {"end_on": str(add_days(start, -1)), "reason": "Not used."})
    office.use(calls)
    office.sell()
    office.suspend(add_days(start, 10))
    office.go_to(add_days(start, 8))


def claim_foreseen(office: Office, run: str) -> None:
    """How many, how much, and who is left out for which reason."""
    assert office.bills(run) == {
        office.monthly["account_id"]: ("pending", None, 73530),
        office.demanding["account_id"]: ("parked", "order_number_missing", 11900),
        office.repaired["account_id"]: ("nothing_due", "below_nothing", -23800),
        office.suspended["account_id"]: ("pending", None, 11478),
    }
    preview = office.client.get(f"{run}/preview")
    assert [tuple(one.values()) for one in pick(preview["counts"], "status")] == [
        ("nothing_due", "EUR", 1, -23800),
        ("parked", "EUR", 1, 11900),
        ("pending", "EUR", 2, 85008),
    ]
    assert [tuple(one.values()) for one in pick(preview["left_out"], "reason")] == [
        ("below_nothing", "EUR", 1, -23800),
        ("order_number_missing", "EUR", 1, 11900),
    ]


def pick(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [{each: row[each] for each in (name, "currency", "bills", "total")} for row in rows]


def claim_issued_once(office: Office, run: str) -> None:
    """The director is named; the same said again, by its key or anew, bills nothing more."""
    approved = office.approve(run)
    assert (approved["status"], approved["approved_by"]) == ("approved", office.chief_id)
    assert office.status(run) == "completed_with_parked"
    assert office.approve(run) == approved
    with pytest.raises(Refused, match="run_state"):
        office.chief.post(f"{run}/approve")
    with pytest.raises(Refused, match="nothing_to_bill"):
        office.plan(office.monthly, office.suspended)
    assert office.invoices(office.monthly) == [(run, 73530, True)]
    assert office.invoices(office.suspended) == [(run, 11478, True)]
    assert office.invoices(office.demanding) == []


def claim_lines(office: Office, invoice_id: str) -> None:
    """Services name their days, what was sent its shipment."""
    start, last = office.start, add_days(office.next_first, -1)
    lines = office.client.get(f"/v1/invoices/{invoice_id}")["lines"]
    services = {
        (one["net"], one["service_from"], one["service_until"])
        for one in lines
        if one["shipment_id"] is None
    }
    assert services == {
        (19290, str(start), str(last)),
        (2500, str(start), str(add_days(start, 6))),
    }
    sent = [one for one in lines if one["shipment_id"]]
    assert sum(one["net"] for one in sent) == 40000
    assert len({one["shipment_id"] for one in sent}) == 2


def claim_retried(office: Office, run: str) -> None:
    """With the number the parked bill goes out at once, and the run is completed."""
    number = {"reason": "They told us.", "client_order_number": "PO 17"}
    item = f"{run}/items/{office.demanding['account_id']}/EUR"
    bill = office.client.post(f"{item}/retry", number)
    assert (bill["status"], bill["total"]) == ("invoiced", 11900)
    assert office.status(run) == "completed"
    [invoice] = office.firm.invoices(office.demanding)
    assert invoice["client_order_number"] == "PO 17"


def claim_billed_by_the_day(office: Office) -> None:
    """On the account's day the charge that fell due that morning is billed by itself."""
    office.go_to(office.next_first)
    [run, total, _] = office.invoices(office.monthly)[-1]
    assert total == 35581
    made = office.client.get(run)
    assert (made["is_automatic"], made["bill_day"], made["status"]) == (True, 1, "completed")


def claim_reports_agree(office: Office, amounts: list[int]) -> None:
    """Balance, statement, ageing and tax come to what the account's invoices do."""
    client, account_id, owed = office.client, office.monthly["account_id"], sum(amounts)
    period = {"from": str(office.start), "to": str(office.firm.today)}
    statement = client.get(f"/v1/accounts/{account_id}/statement", currency="EUR", **period)
    assert [one["amount"] for one in statement["items"]] == amounts
    assert (statement["opening"], statement["closing"]) == (0, owed)
    [ageing] = client.get("/v1/reports/ageing", account_id=account_id)["totals"]
    assert (ageing["amount"], office.firm.balance(office.monthly)["balance"]) == (owed, owed)
    rate = {"currency": "EUR", "tax_code": "standard", "tax_percent": "19.00"}
    rates = client.get("/v1/reports/tax", **period)["rates"]
    [figures] = [one for one in rates if rate.items() <= one.items()]
    documents = list(client.list("/v1/reports/tax/documents", **rate, **period))
    assert sum(one["tax"] for one in documents) == figures["tax"]
    ours = [one["net"] + one["tax"] for one in documents if one["account_id"] == account_id]
    assert sorted(ours) == sorted(amounts)


def test_a_month_is_billed_by_runs(firm: Firm, client: Client, servers: Servers) -> None:
    office = Office(firm, servers)
    begin(office)
    run = office.plan(office.monthly, office.demanding, office.repaired, office.suspended)
    claim_foreseen(office, run)
    claim_issued_once(office, run)
    [invoice] = firm.invoices(office.monthly)
    claim_lines(office, invoice["invoice_id"])
    claim_retried(office, run)

    assert office.tea() == [5, 1, 4, 0, 0]
    client.post(f"/v1/invoices/{invoice['invoice_id']}/void", {"reason": "Wrong address."})
    assert office.tea() == [5, 1, 0, 0, 4]
    again = office.plan(office.monthly)
    assert office.bills(again) == {office.monthly["account_id"]: ("pending", None, 73530)}
    office.approve(again)
    assert office.status(again) == "completed"
    assert office.invoices(office.monthly) == [(run, 73530, False), (again, 73530, True)]
    claim_billed_by_the_day(office)
    office.come_back()
    assert office.tea() == [5, 2, 4, 1, 0]
    claim_reports_agree(office, [73530, -73530, 73530, 35581, -11900])
    office.chief.close()
