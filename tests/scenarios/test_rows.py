"""What people see: their own accounts and those of everyone below them, in every service."""

from __future__ import annotations

from typing import Any

import pytest

from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server

SCOPES = [
    *("accounts:read", "accounts:write", "billing:read", "billing:write"),
    *("collections:read", "collections:write", "sales:read", "sales:write", "admin"),
]


class House:
    """Two leads, each with an account manager, and what the one manager's account has in each service."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.lead, self.other_lead = self._hire("lead"), self._hire("lead")
        self.manager = self._hire("account_manager", self.lead)
        self.colleague = self._hire("account_manager", self.other_lead)
        self.account = firm.open_account(owner_id=self.manager)
        self.invoice = firm.invoice(self.account, 10000)
        firm.wait()

    def _hire(self, role: str, reports_to_id: str | None = None) -> str:
        number = len(list(self.firm.client.list("/v1/staff")))
        person = {"name": f"Person {number}", "email": f"person{number}@firm.example"}
        sent = {**person, "role": role, "reports_to_id": reports_to_id}
        return str(self.firm.client.post("/v1/staff", sent)["staff_id"])

    def key_of(self, staff_id: str | None, **limits: Any) -> Client:
        """The gateway as somebody's key has it."""
        sent = {"name": "Somebody's", "scopes": SCOPES, "staff_id": staff_id, **limits}
        key = self.firm.client.post("/v1/api-keys", sent)
        return self.firm.client.as_holder_of(key["key"])

    @property
    def pages(self) -> list[str]:
        """What is of the account, in each service."""
        account_id = self.account["account_id"]
        return [
            f"/v1/accounts/{account_id}",
            f"/v1/accounts/{account_id}/timeline",
            f"/v1/accounts/{account_id}/balance",
            f"/v1/invoices/{self.invoice['invoice_id']}",
            f"/v1/accounts/{account_id}/dunning-procedure",
            f"/v1/accounts/{account_id}/standing",
        ]

    def sees(self, client: Client) -> set[bool]:
        """Whether somebody sees the account, over all services: the same in each."""
        found = {self._answers(client, page) for page in self.pages}
        for path, name in (("/v1/accounts", "account_id"), ("/v1/invoices", "invoice_id")):
            thing = {**self.account, **self.invoice}[name]
            found.add(thing in {one[name] for one in client.list(path)})
        return found

    def _answers(self, client: Client, page: str) -> bool:
        try:
            client.get(page)
        except Refused as refused:
            return refused.status != 404
        return True


def test_a_person_sees_their_own_accounts_and_those_of_everyone_below(firm: Firm) -> None:
    house = House(firm)
    seeing = [house.manager, house.lead]
    others = [house.colleague, house.other_lead]
    assert all(house.sees(house.key_of(one)) == {True} for one in seeing)
    assert all(house.sees(house.key_of(one)) == {False} for one in others)
    stranger = house.key_of(None, accounts=[firm.open_account()["account_id"]])
    assert house.sees(stranger) == {False}

    money = {"account_id": house.account["account_id"], "currency": "EUR", "amount": 100}
    money |= {"value_date": str(firm.today), "method": "transfer"}
    with pytest.raises(Refused, match="account_not_found"):
        house.key_of(house.colleague).post("/v1/payments", money)
    paid = house.key_of(house.lead).post("/v1/payments", money)
    assert paid["recorded_by"] == house.lead

    path = f"/v1/staff/{house.manager}"
    firm.client.patch(path, {"reports_to_id": house.other_lead})
    firm.wait()
    assert house.sees(house.key_of(house.other_lead)) == {True}
    assert house.sees(house.key_of(house.lead)) == {False}

    given = {"owner_id": house.colleague, "reason": "Regions were redrawn."}
    firm.client.post(f"/v1/accounts/{house.account['account_id']}/change-owner", given)
    firm.wait()
    assert house.sees(house.key_of(house.colleague)) == {True}
    assert house.sees(house.key_of(house.manager)) == {False}


def test_what_is_about_all_accounts_is_for_persons_of_whom_that_is_said(firm: Firm) -> None:
    house = House(firm)
    with pytest.raises(Refused, match="all_accounts_needed"):
        house.key_of(house.lead).get("/v1/reports/reconciliation")
    auditor = house.key_of(house.lead, scopes=[*SCOPES, "accounts:all"])
    assert auditor.get("/v1/reports/reconciliation")
    assert house.sees(auditor) == {True}
