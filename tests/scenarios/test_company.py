"""Who writes to whom: the company, clients' addresses, what their own systems call things."""

from __future__ import annotations

import pytest

from ops.client import Refused

pytestmark = pytest.mark.server

SEAT = {"kind": "legal", "street": ["Hafenstr. 12"], "city": "Hamburg", "postal_code": "20457"}
COMPANY = {
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "languages": ["de", "en"],
    "addresses": [{**SEAT, "country": "DE"}],
    "tax_ids": [],
    "bank_accounts": [{"iban": "DE89 3704 0044 0532 0130 00"}],
}


def test_a_letter_goes_where_the_client_gets_its_bills_and_is_from_the_company(
    firm, client
) -> None:
    account = firm.open_account(net_days=0, preferred_channel="post")
    path = f"/v1/accounts/{account['account_id']}"
    quay = {"kind": "billing", "street": ["1 Quay"], "city": "Dublin", "country": "IE"}
    with pytest.raises(Refused) as refused:
        client.post(f"{path}/addresses", {**quay, "postal_code": "1"})
    assert refused.value.code == "postal_code_invalid"
    address = client.post(f"{path}/addresses", quay)
    assert address["lines"] == ["1 Quay", "DUBLIN"]
    assert client.put("/v1/company", COMPANY) == client.get("/v1/company")
    firm.invoice(account, 25000)
    firm.wait(5)

    [letter] = firm.letters(account)
    text = client.send("GET", f"/v1/dunning-notices/{letter['notice_id']}/letter.txt").body.decode()
    assert text.startswith("\n".join([account["name"], "1 Quay", "DUBLIN", "IRELAND"])), text
    assert "Steward Trading GmbH" in text
    timeline = client.list(f"{path}/timeline", name="addresses_changed")
    assert [entry["summary"] for entry in timeline] == ["Addresses changed."]


def test_another_system_opens_an_account_once_and_finds_it_by_its_own_id(firm, client) -> None:
    crm = {"system": "crm", "reference_id": "0015g-7"}
    account = firm.open_prospect()
    client.post(f"/v1/accounts/{account['account_id']}/references", crm)
    given = ("name", "country", "currency", "language", "time_zone", "net_days", "credit_limit")
    profile = {name: account[name] for name in (*given, "email", "owner_id")}
    found = client.post("/v1/accounts/find-or-open", {**profile, **crm, "name": "Other"})
    assert (found["account_id"], found["name"]) == (account["account_id"], account["name"])
    by_id = {"reference_system": "crm", "reference_id": "0015g-7"}
    assert [one["account_id"] for one in client.list("/v1/accounts", **by_id)] == [
        account["account_id"]
    ]
    other = {"system": "crm", "reference_id": "0015g-8"}
    opened = client.post("/v1/accounts/find-or-open", {**profile, **other})
    assert opened["account_id"] != account["account_id"]
    assert opened["external_references"] == [other]


def test_an_invoice_bears_what_the_client_calls_the_order(firm, client) -> None:
    account = firm.open_account()
    order = firm.draft_order(account, TEA=1)
    path = f"/v1/orders/{order['order_id']}"
    client.patch(path, {"reference": "PO 4500012345"})
    client.post(f"{path}/confirm")
    firm.ship(order)
    [invoice] = firm.invoices(account)
    assert invoice["client_order_number"] == "PO 4500012345"
