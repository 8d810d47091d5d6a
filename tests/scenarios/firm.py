"""A firm on a running system: what people do, in their words, by HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dev import servers as development_servers
from dev.mailbox import Mailbox
from ops.client import Client
from ops.instances import SERVICES
from tests.contracts.promised import CheckedClient
from tests.migrated import MigratedSystem, make_migrated

FIRST_DAY = date(2026, 3, 2)
OPENS_AT = time(9)


class Firm:
    """A firm on one system. Every scenario has accounts of its own; the calendar is everybody's, and
    only goes forward."""

    def __init__(self, client: Client, mailbox: Mailbox) -> None:
        self.client = client
        self.mailbox = mailbox
        self._numbers = itertools.count(1)
        self._go_to(FIRST_DAY)
        person = {"name": "Ada Ross", "email": "ada@firm.example", "role": "account_manager"}
        self.owner_id = client.post("/v1/staff", person)["staff_id"]
        tea = {"sku": "TEA", "name": "Tea, a case", "unit_price": 10000, "currency": "EUR"}
        client.post("/v1/products", {**tea, "tax_percent": "19.00"})
        lamp = {"sku": "LAMP", "name": "Lamp", "unit_price": 5000, "currency": "EUR"}
        client.post("/v1/products", {**lamp, "tax_percent": "7.00"})

    @property
    def today(self) -> date:
        """The day it is."""
        now = self.client.read_clock()
        assert now is not None
        return now.date()

    def wait(self, days: int = 0) -> None:
        """Let so many days go by; with none, only what is on its way arrives."""
        self._go_to(self.today + timedelta(days=days))

    def open_account(self, **terms: Any) -> dict[str, Any]:
        """A client whose onboarding is done."""
        account = self.open_prospect(**terms)
        path = f"/v1/accounts/{account['account_id']}"
        self.client.post(f"{path}/begin-onboarding")
        for item in list(self.client.list(f"{path}/checklist-items")):
            settled = {"reason": "A client of many years."}
            self.client.post(f"/v1/checklist-items/{item['checklist_item_id']}/waive", settled)
        self.client.post(f"{path}/activate")
        self.wait()
        return self.client.get(path)

    def open_prospect(self, **terms: Any) -> dict[str, Any]:
        """A client to be."""
        number = next(self._numbers)
        account = {
            "name": f"Client {number} Ltd",
            "country": "IE",
            "currency": "EUR",
            "language": "en",
            "time_zone": "Europe/Dublin",
            "net_days": 14,
            "credit_limit": None,
            "email": f"client{number}@example.com",
            "owner_id": self.owner_id,
        }
        return self.client.post("/v1/accounts", {**account, **terms})

    def draft_order(self, account: dict[str, Any], **quantities: int) -> dict[str, Any]:
        """An order that is not confirmed yet: draft_order(account, TEA=3)."""
        lines = [{"sku": sku, "quantity": str(many)} for sku, many in quantities.items()]
        order = {"account_id": account["account_id"], "lines": lines}
        return self.client.post("/v1/orders", order)

    def order(self, account: dict[str, Any], **quantities: int) -> dict[str, Any]:
        """A confirmed order."""
        order = self.draft_order(account, **quantities)
        return self.client.post(f"/v1/orders/{order['order_id']}/confirm")

    def ship(self, order: dict[str, Any], **quantities: int) -> dict[str, Any]:
        """Goods sent: all that is open of an order, or so many of a product."""
        body: dict[str, Any] = {}
        if quantities:
            line_ids = {line["sku"]: line["line_id"] for line in order["lines"]}
            body["lines"] = [
                {"line_id": line_ids[sku], "quantity": str(many)}
                for sku, many in quantities.items()
            ]
        shipment = self.client.post(f"/v1/orders/{order['order_id']}/shipments", body)
        self.wait()
        return shipment

    def take_back(
        self, order: dict[str, Any], quantity: int, *, rejected: int = 0, fee: str = "0"
    ) -> str:
        """Goods of an order's first line that come back: all that is not rejected is on the shelf again,
        and credited less a fee; the path of the return."""
        line_id = order["lines"][0]["line_id"]
        asked = {"order_id": order["order_id"], "reason": "Too low."}
        lines = [{"line_id": line_id, "quantity": quantity}]
        found = self.client.post("/v1/returns", {**asked, "lines": lines})
        path = f"/v1/returns/{found['return_id']}"
        self.client.post(f"{path}/authorise")
        self.client.post(f"{path}/receive")
        fate = {"restock": quantity - rejected} | ({"reject": rejected} if rejected else {})
        self.client.post(f"{path}/inspect", {"lines": [{"line_id": line_id, **fate}]})
        self.client.post(f"{path}/credit", {"restocking_fee_percent": fee})
        self.wait()
        return path

    def invoice(
        self, account: dict[str, Any], amount: int, *, currency: str = "EUR"
    ) -> dict[str, Any]:
        """An invoice written by hand, without tax, issued today on the account's terms."""
        line = {"description": "Advice", "quantity": "1", "unit_price": amount, "tax_percent": "0"}
        draft = {"account_id": account["account_id"], "currency": currency, "lines": [line]}
        invoice = self.client.post("/v1/invoices", draft)
        issued = self.client.post(f"/v1/invoices/{invoice['invoice_id']}/issue")
        self.wait()
        return issued

    def invoices(self, account: dict[str, Any]) -> list[dict[str, Any]]:
        """The account's invoices, the oldest first."""
        found = self.client.list("/v1/invoices", account_id=account["account_id"])
        return sorted(found, key=lambda invoice: invoice["number"] or "")

    def pay(self, account: dict[str, Any], amount: int, **more: Any) -> dict[str, Any]:
        """Money received today; without an instruction it pays the oldest due first."""
        payment = {
            "account_id": account["account_id"],
            "currency": "EUR",
            "amount": amount,
            "value_date": str(self.today),
            "method": "transfer",
            **more,
        }
        received = self.client.post("/v1/payments", payment)
        self.wait()
        return received

    def things(self) -> list[dict[str, Any]]:
        """One of everything that there can be, as the API answers it."""
        client = self.client
        account = self.open_account()
        order = self.order(account, TEA=3)
        shipment = self.ship(order, TEA=1)
        self.invoice(account, 5000)
        path = f"/v1/accounts/{account['account_id']}"
        client.post("/v1/onboarding-requirements", {"name": "Register extract"})
        prospect = f"/v1/accounts/{self.open_prospect()['account_id']}"
        client.post(f"{prospect}/begin-onboarding")
        contact = {"name": "Ben Hall", "email": "ben@example.com", "roles": ["payer"]}
        credit = {"account_id": account["account_id"], "currency": "EUR", "reason": "Goodwill."}
        line = {"description": "Tea", "quantity": 1, "unit_price": 500, "tax_percent": 0}
        paid = self.pay(account, 50000)
        self.invoice(self.open_account(), 7000)
        self.wait(60)
        return [
            *self._things_of_people(account),
            *client.list("/v1/dunning-runs"),
            *client.list("/v1/dunning-notices"),
            *client.list("/v1/placements"),
            client.get("/v1/worklist", staff_id=self.owner_id, limit=500),
            *client.list(f"/v1/payments/{paid['payment_id']}/allocations"),
            *client.list("/v1/products"),
            *client.list("/v1/dunning-procedures"),
            client.get(path),
            order,
            shipment,
            *client.list("/v1/items", account_id=account["account_id"]),
            paid,
            client.post("/v1/credit-notes", {**credit, "lines": [line]}),
            client.post(f"{path}/contacts", contact),
            client.post("/v1/onboarding-requirements", {"name": "Credit report"}),
            *client.list(f"{prospect}/checklist-items"),
            client.get(path),
        ]

    def _things_of_people(self, account: dict[str, Any]) -> list[dict[str, Any]]:
        """A helper, a team with a member, an absence, and a hand-over with a pack."""
        client, path = self.client, f"/v1/accounts/{account['account_id']}"
        person = {"name": "Ben Cole", "email": "ben@firm.example", "role": "assistant"}
        other = client.post("/v1/staff", person)
        helps = {"staff_id": other["staff_id"], "purpose": "Learns."}
        team = client.post("/v1/teams", {"name": "North"})
        both = {"from_id": self.owner_id, "to_id": other["staff_id"], "by_on": str(self.today)}
        sent = {"accounts": [account["account_id"]], "reason": "Leaves.", **both}
        hand_over = client.post("/v1/hand-overs", sent)
        client.post(f"/v1/hand-overs/{hand_over['hand_over_id']}/pack")
        away = {"staff_id": other["staff_id"], "delegate_id": self.owner_id, "reason": "Ill."}
        days = {"from_on": str(self.today + timedelta(days=5))}
        days["until_on"] = str(self.today + timedelta(days=9))
        self.wait()
        return [
            client.post(f"{path}/helpers", helps),
            client.post(f"/v1/teams/{team['team_id']}/members", {"staff_id": other["staff_id"]}),
            client.post("/v1/absences", {**away, **days}),
            hand_over,
        ]

    def balance(self, account: dict[str, Any]) -> dict[str, int]:
        """What the account owes in euro."""
        [balance] = self.client.get(f"/v1/accounts/{account['account_id']}/balance")["balances"]
        return {name: balance[name] for name in ("open", "unapplied", "balance")}

    def letters(self, account: dict[str, Any]) -> list[dict[str, Any]]:
        """The dunning letters sent to the account, the first first."""
        found = self.client.list(
            "/v1/dunning-notices", account_id=account["account_id"], status="sent"
        )
        return sorted(found, key=lambda notice: notice["sent_at"])

    def timeline(self, account: dict[str, Any]) -> list[str]:
        """The names of what happened to the account, in order; nothing is missing."""
        path = f"/v1/accounts/{account['account_id']}/timeline"
        timeline = self.client.get(path, limit=500)
        assert timeline["is_complete"], timeline["missing"]
        return [entry["name"] for entry in timeline["items"]]

    def _go_to(self, day: date) -> None:
        self.client.move_clock(datetime.combine(day, OPENS_AT, tzinfo=UTC))


@contextmanager
def running_firm(name: str) -> Iterator[Firm]:
    """A firm whose calendar begins on 2 March 2026; afterwards its books agree and nothing is parked."""
    environment = {"STEWARD_REQUESTS_PER_SECOND": "100000", "STEWARD_CALLS_PER_KEY": "1000"}
    with MigratedSystem(servers=make_migrated(name), environment=environment) as system:
        client = CheckedClient(system.url, system.api_key)
        yield Firm(client, system.mailbox)
        assert client.get("/v1/reports/reconciliation")["differences"] == []
        for service in SERVICES:
            parked = list(client.list(f"/v1/parked/{service}"))
            assert not parked, parked
    development_servers.drop_instance(name)
