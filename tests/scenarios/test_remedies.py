"""What a client is given for what went wrong: at once, by whoever may, once, and what it cost."""

from __future__ import annotations

from typing import Any

import pytest

from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server

SCOPES = ["accounts:read", "accounts:write", "billing:read", "billing:write"]


class Office:
    """A lead, a manager below, and a client of hers who was sent five lamps."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.lead_id = self._hire("Lou Lead", "lead", None)
        self.manager_id = self._hire("Max Manager", "account_manager", self.lead_id)
        self.lead, self.manager = self._key_of(self.lead_id), self._key_of(self.manager_id)
        self.account = firm.open_account(owner_id=self.manager_id)
        self.order = firm.order(self.account, LAMP=5)
        firm.ship(self.order)
        [self.invoice] = firm.invoices(self.account)
        eve = {"name": "Eve Black", "roles": ["shipping"], "email": "eve@example.com"}
        self.contact = self.manager.post(f"{self.path}/contacts", eve)

    @property
    def path(self) -> str:
        return f"/v1/accounts/{self.account['account_id']}"

    @property
    def credit_notes(self) -> str:
        return f"/v1/invoices/{self.invoice['invoice_id']}/credit-notes"

    def complain(self) -> str:
        """The path of a complaint about the invoice whose cause is known."""
        about = {"kind": "invoice", "id": self.invoice["invoice_id"]}
        sent = {"account_id": self.account["account_id"], "kind": "complaint"}
        sent |= {"about": {**about, "number": self.invoice["number"]}, "is_not_similar": True}
        case = self.manager.post("/v1/cases", {**sent, "subject": "Lamps came broken."})
        path = f"/v1/cases/{case['case_id']}"
        self.manager.post(f"{path}/acknowledge", {"problem": "Lamps arrived broken."})
        causes = {one["name"]: one["case_cause_id"] for one in self.manager.list("/v1/case-causes")}
        cause = {"case_cause_id": causes["Damaged on its way"], "product": "LAMP"}
        self.manager.post(f"{path}/diagnose", cause)
        return path

    def give(self, case: str, kind: str, **what: Any) -> dict[str, Any]:
        sent = {"kind": kind, "reason": "Lamps came broken.", **what}
        given: dict[str, Any] = self.manager.post(f"{case}/remedies", sent)
        return given

    def lamps(self, quantity: str, unit_price: int | None = None) -> dict[str, Any]:
        line = {"position": 1, "quantity": quantity, "unit_price": unit_price}
        return {"invoice_id": self.invoice["invoice_id"], "lines": [line]}

    def waiting(self) -> list[str]:
        """What waits for a decision, as the manager's list says it."""
        items = self.manager.get("/v1/worklist", staff_id=self.manager_id)["items"]
        reasons = [one for item in items for one in item["reasons"]]
        return [one["sentence"] for one in reasons if one["kind"] == "remedy_approval"]

    def _hire(self, name: str, role: str, reports_to_id: str | None) -> str:
        number = len(list(self.firm.client.list("/v1/staff")))
        sent: dict[str, Any] = {"name": name, "email": f"person{number}@firm.example"}
        sent |= {"role": role, "reports_to_id": reports_to_id}
        return str(self.firm.client.post("/v1/staff", sent)["staff_id"])

    def _key_of(self, staff_id: str) -> Client:
        sent = {"name": "Somebody's", "scopes": SCOPES, "staff_id": staff_id}
        return self.firm.client.as_holder_of(self.firm.client.post("/v1/api-keys", sent)["key"])


def test_what_is_within_the_authority_is_granted_at_once_and_carried_out_by_a_credit_note(
    firm: Firm,
) -> None:
    office = Office(firm)
    case = office.complain()
    remedy = office.give(case, "credit", **office.lamps("1", 4000))
    assert (remedy["status"], remedy["amount"]) == ("granted", 4000)
    firm.wait()
    [note] = office.manager.list("/v1/credit-notes", account_id=office.account["account_id"])
    assert (note["remedy_id"], note["net"], note["tax"]) == (remedy["remedy_id"], 4000, 280)
    done = office.manager.get(f"/v1/remedies/{remedy['remedy_id']}")
    assert (done["status"], done["carried_out_by"]) == ("executed", note["credit_note_id"])
    again = {"amount": 4280, "reason": "A broken lamp.", "remedy_id": remedy["remedy_id"]}
    with pytest.raises(Refused, match="remedy_credited"):
        office.manager.post(office.credit_notes, again)
    assert office.manager.get(case)["status"] == "executed"
    confirmed = {"contact_id": office.contact["contact_id"], "satisfaction": 5}
    assert office.manager.post(f"{case}/confirm", confirmed)["status"] == "confirmed"
    story = firm.timeline(office.account)
    assert {"remedy_granted", "credit_note_issued", "remedy_executed"} <= {*story}
    goodwill = office.manager.get(f"{office.path}/goodwill", currency="EUR")
    assert (goodwill["billed_net"], goodwill["budget"]) == (25000 - 4000, 210)


def test_what_is_above_goes_to_the_lead_and_what_is_refused_is_proposed_again(firm: Firm) -> None:
    office = Office(firm)
    case = office.complain()
    asked = office.give(case, "return", **office.lamps("2"))
    assert (asked["status"], asked["approver_id"]) == ("waiting_for_approval", office.lead_id)
    assert office.manager.get(case)["status"] == "in_approval"
    firm.wait()
    [sentence] = office.waiting()
    assert sentence.endswith("for return of 100.00 EUR; Lou Lead decides.")

    path = f"/v1/remedies/{asked['remedy_id']}"
    with pytest.raises(Refused, match="own_approval") as refused:
        office.manager.post(f"{path}/approve")
    assert refused.value.problem["could"] == [office.lead_id]
    mine = {"status": "waiting_for_approval", "approver_id": office.lead_id}
    [listed] = office.lead.list("/v1/remedies", **mine)
    assert listed["remedy_id"] == asked["remedy_id"]
    line = {"line_id": office.order["lines"][0]["line_id"], "quantity": 4}
    back = {"order_id": office.order["order_id"], "reason": "Too dark.", "lines": [line]}
    firm.client.post("/v1/returns", back)
    with pytest.raises(Refused, match="exceeds_line"):  # what waits counts, until sales refuses it
        office.give(case, "credit", **office.lamps("4"))
    approved = office.lead.post(f"{path}/approve", {"note": "A good client."})
    assert (approved["status"], approved["approved_by"]) == ("granted", office.lead_id)
    firm.wait()
    assert office.waiting() == []
    assert office.manager.get(path)["ended_code"] == "more_than_shipped"
    proposed = office.manager.get(case)
    assert proposed["status"] == "proposed"
    assert "1 was shipped and is not returned yet, not 2" in proposed["proposal"]
    credit = office.give(case, "credit", **office.lamps("4", 1000))
    firm.wait()
    assert office.manager.get(f"/v1/remedies/{credit['remedy_id']}")["status"] == "executed"
    assert office.manager.get(case)["status"] == "executed"
    case = office.complain()
    office.give(case, "goodwill", amount={"amount": 210, "currency": "EUR"})
    firm.wait()
    assert office.manager.get(case)["status"] == "executed"
    free, _ = office.manager.list("/v1/credit-notes", account_id=office.account["account_id"])
    assert (free["invoice_id"], free["total"], free["tax"]) == (None, 210, 0)

    period = {"from": str(firm.today), "to": str(firm.today)}
    [cost] = office.manager.get("/v1/remedy-costs", **period)["items"]
    assert (cost["cause"], cost["product"]) == ("Damaged on its way", "LAMP")
    assert (cost["remedies"], cost["net"], cost["gross"]) == (2, 4000, 210)


def test_what_billing_cannot_credit_is_refused_and_proposed_again(firm: Firm) -> None:
    office = Office(firm)
    case = office.complain()
    office.manager.post(office.credit_notes, {"reason": "All of it went back."})
    invoice = {"invoice_id": office.invoice["invoice_id"]}
    asked = office.give(case, "credit", **invoice, amount={"amount": 1000, "currency": "EUR"})
    assert asked["status"] == "granted"
    firm.wait()
    refused = office.manager.get(f"/v1/remedies/{asked['remedy_id']}")
    assert (refused["status"], refused["ended_code"]) == ("refused", "credit_exceeds_invoice")
    proposed = office.manager.get(case)
    assert proposed["status"] == "proposed"
    assert "0.00 EUR is left to credit" in proposed["proposal"]
