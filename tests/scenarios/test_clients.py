"""What is known of clients, told by HTTP: an account that all know, a licence that runs out and is
renewed, a child whose parent pays, a note that is nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


def known_by(firm: Firm, account: dict[str, Any]) -> dict[str, int]:
    items = firm.client.list(f"/v1/accounts/{account['account_id']}/known")
    return {one["known_by"]: one["account_version"] for one in items}


def status(firm: Firm, account: dict[str, Any]) -> str:
    return str(firm.client.get(f"/v1/accounts/{account['account_id']}")["status"])


def listed(firm: Firm, account: dict[str, Any]) -> list[str]:
    """Why the account is on its owner's worklist."""
    items = firm.client.get("/v1/worklist", staff_id=firm.owner_id, limit=500)["items"]
    return [
        reason["sentence"]
        for item in items
        if item["account_id"] == account["account_id"]
        for reason in item["reasons"]
    ]


def test_a_licence_that_expires_holds_business_until_it_is_renewed(firm: Firm) -> None:
    client = firm.client
    asked = {"name": "Spirits licence", "needs_expiry": True, "holds_business": True}
    requirement = client.post("/v1/onboarding-requirements", asked)
    account = firm.open_prospect()
    firm.wait()
    assert known_by(firm, account) == {"billing": 1, "sales": 1}
    path = f"/v1/accounts/{account['account_id']}"
    client.post(f"{path}/begin-onboarding")
    client.post(f"/v1/onboarding-requirements/{requirement['onboarding_requirement_id']}/retire")

    def complete(name: str, last: int) -> None:
        [item] = [one for one in client.list(f"{path}/checklist-items") if one["name"] == name]
        good = {"expires_on": str(firm.today + timedelta(days=last))}
        client.post(f"/v1/checklist-items/{item['checklist_item_id']}/complete", good)
        firm.wait()

    for item in list(client.list(f"{path}/checklist-items")):
        complete(item["name"], 10 if item["name"] == "Spirits licence" else 1000)
    assert client.post(f"{path}/activate")["status"] == "active"
    firm.wait()
    last = firm.today + timedelta(days=10)
    assert listed(firm, account) == [
        f"Spirits licence is good until {last}: ask for a newer one, or there is no new business from "
        "the day after."
    ]
    draft = firm.draft_order(account, TEA=1)
    firm.wait(11)
    assert status(firm, account) == "on_hold"
    assert [one.partition(":")[0] for one in listed(firm, account)] == [
        f"Spirits licence expired on {last}"
    ]
    with pytest.raises(Refused) as refused:
        client.post(f"/v1/orders/{draft['order_id']}/confirm")
    assert refused.value.code == "account_not_active"
    with pytest.raises(Refused) as refused:
        client.post(f"{path}/release", {"reason": "They are good people."})
    assert refused.value.code == "document_expired"
    complete("Spirits licence", 365)
    assert (status(firm, account), listed(firm, account)) == ("active", [])
    assert client.post(f"/v1/orders/{draft['order_id']}/confirm")["status"] == "confirmed"
    assert {"account_known", "account_held", "account_released"} <= {*firm.timeline(account)}


def test_a_child_whose_parent_pays_is_judged_by_its_own_items(firm: Firm) -> None:
    client = firm.client
    parent, child = firm.open_account(), firm.open_account()
    issued = firm.invoice(child, 10000)
    path = f"/v1/accounts/{child['account_id']}"
    edge = {"parent_id": parent["account_id"], "payer": "parent"}
    assert client.put(f"{path}/parent", edge)["payer_id"] == parent["account_id"]
    client.put(f"/v1/accounts/{parent['account_id']}/credit-group", {"is_credit_group": True})
    firm.wait()
    shown = client.get(f"{path}/family")["items"]
    assert [(one["account_id"], one["payer"], one["credit_group_id"]) for one in shown] == [
        (parent["account_id"], None, parent["account_id"]),
        (child["account_id"], "parent", parent["account_id"]),
    ]
    same = client.get(f"/v1/invoices/{issued['invoice_id']}")
    assert (same["account_id"], same["total"]) == (child["account_id"], issued["total"])
    assert client.get(f"{path}/standing", currency="EUR")["open"] == 10000
    assert client.get(f"/v1/accounts/{parent['account_id']}/standing", currency="EUR")["open"] == 0
    circle = {"parent_id": child["account_id"], "payer": "child"}
    with pytest.raises(Refused) as refused:
        client.put(f"/v1/accounts/{parent['account_id']}/parent", circle)
    assert refused.value.code == "parent_circle"
    assert firm.timeline(child).count("parent_changed") == 2
    assert client.post(f"{path}/parent/remove")["payer_id"] == child["account_id"]


def test_what_a_client_agrees_to_and_how_it_is_billed_is_told_with_the_account(firm: Firm) -> None:
    client, account = firm.client, firm.open_prospect()
    path = f"/v1/accounts/{account['account_id']}"
    said = {"channel": "email", "is_given": True, "how": "Form of today, signed."}
    client.post(f"{path}/consents", said)
    hours = [{"weekday": "monday", "opens": "08:00", "closes": "12:00"}]
    facts = {"order_number_required": True, "invoice_recipients": ["payer"]}
    client.patch(path, {**facts, "opening_hours": hours})
    firm.wait()
    entries = client.get(f"{path}/timeline", name="account_edited")["items"]
    assert [one["data"]["changed"] for one in entries] == [
        ["consents"],
        ["invoice_recipients", "opening_hours", "order_number_required"],
    ]
    told = entries[-1]["data"]
    assert (told["opening_hours"], told["invoice_recipients"]) == (hours, ["payer"])
    [consent] = told["consents"]
    assert (consent["channel"], consent["is_given"]) == ("email", True)
    refused = client.send("PATCH", path, {"tax_id": "IE 123"})
    assert (refused.status, refused.data["code"]) == (422, "tax_id_form")


def test_a_private_note_is_its_authors_and_their_leads(firm: Firm) -> None:
    def hire(name: str, reports_to_id: str | None) -> str:
        person = {"name": name, "email": f"{name.lower()}@notes.example"}
        sent = {**person, "role": "lead", "reports_to_id": reports_to_id}
        return str(firm.client.post("/v1/staff", sent)["staff_id"])

    def key_of(staff_id: str) -> Client:
        scopes = ["accounts:read", "accounts:write", "accounts:all"]
        sent = {"name": "Somebody's", "scopes": scopes, "staff_id": staff_id}
        return firm.client.as_holder_of(firm.client.post("/v1/api-keys", sent)["key"])

    lead = hire("Lea", None)
    author, colleague = hire("Art", lead), hire("Col", lead)
    account = firm.open_prospect(owner_id=author)
    path = f"/v1/accounts/{account['account_id']}"
    secret = {"text": "They look for a buyer.", "is_private": True}
    key_of(author).post(f"{path}/notes", secret)
    firm.wait()
    for staff_id, sees in ((author, True), (lead, True), (colleague, False)):
        client = key_of(staff_id)
        assert [one["text"] for one in client.list(f"{path}/notes")] == [secret["text"]] * sees
        assert secret["text"] not in str(client.get(f"{path}/timeline"))
    assert [*firm.client.list(f"{path}/notes")] == []
