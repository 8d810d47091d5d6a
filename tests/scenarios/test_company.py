"""Who writes to whom: the company, clients' addresses, what their own systems call things."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

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


def send_logo(client, content: bytes) -> str:
    """Send a picture as a logo."""
    kind = {"kind": "logo", "name": "logo.png", "media_type": "image/png", "size": len(content)}
    file_id = client.post("/v1/files/accounts", kind)["file_id"]
    path = f"/v1/files/accounts/{file_id}"
    assert client.send("PUT", f"{path}/parts/1", content).is_success
    client.post(f"{path}/finish", {"sha256": hashlib.sha256(content).hexdigest()})
    return file_id


def picture(colour: str, size: int = 30) -> bytes:
    """A PNG of one colour."""
    content = BytesIO()
    Image.new("RGB", (size, 10), colour).save(content, "PNG")
    return content.getvalue()


def test_letters_bear_the_logo_that_the_company_had_when_they_were_sent(firm, client) -> None:
    accounts = []
    for colour in ("red", "blue"):
        logo = {"logo_file_id": send_logo(client, picture(colour))}
        assert client.put("/v1/company", COMPANY | logo)["logo_file_id"] == logo["logo_file_id"]
        account = firm.open_account(net_days=0, preferred_channel="post")
        firm.invoice(account, 25000)
        firm.wait(5)
        accounts.append(account)
    for account, shown in zip(accounts, [(255, 0, 0), (0, 0, 255)], strict=True):
        notice_id = firm.letters(account)[0]["notice_id"]
        pdf = client.send("GET", f"/v1/dunning-notices/{notice_id}/letter.pdf").body
        [image] = PdfReader(BytesIO(pdf)).pages[0].images
        assert image.image.getpixel((15, 5)) == shown


@pytest.mark.parametrize(
    ("content", "code"),
    [(picture("red", 2001), "logo_too_large"), (picture("red")[:60], "logo_unreadable")],
)
def test_what_cannot_be_drawn_does_not_become_the_logo(firm, client, content, code: str) -> None:
    before = client.put("/v1/company", COMPANY | {"logo_file_id": None})
    with pytest.raises(Refused) as refused:
        client.put("/v1/company", COMPANY | {"logo_file_id": send_logo(client, content)})
    assert refused.value.code == code
    assert client.get("/v1/company") == before
    too_large = picture("red") + bytes(100 * 1024)
    with pytest.raises(Refused) as refused:
        send_logo(client, too_large)
    assert refused.value.code == "file_too_large"


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


def test_documents_are_taxed_as_the_company_and_the_law_say_and_reported_so(firm, client) -> None:
    client.put("/v1/company", COMPANY | {"tax_rounding": "line"})
    account = firm.open_account()
    line = {"quantity": "1", "unit_price": 50, "tax_percent": "7"}
    lines = [line | {"description": f"Book {number}"} for number in (1, 2, 3)]
    lines.append({"description": "Course", "quantity": "1", "unit_price": 900, "tax_percent": "0"})
    path = {"account_id": account["account_id"], "currency": "EUR"}
    with pytest.raises(Refused) as refused:
        client.post(
            "/v1/invoices", {**path, "lines": [*lines[:3], lines[3] | {"tax_code": "exempt"}]}
        )
    assert refused.value.code == "exemption_reason_missing"
    lines[3] |= {"tax_code": "exempt", "exemption_reason": "Section 4 no. 21 UStG"}
    draft = client.post("/v1/invoices", {**path, "lines": lines})
    invoice = client.post(f"/v1/invoices/{draft['invoice_id']}/issue")
    assert (invoice["tax"], invoice["tax_rounding"]) == (12, "line")
    assert invoice["legal_texts"] == [{"tax_code": "exempt", "text": "Section 4 no. 21 UStG"}]
    credit = {"lines": [{"position": 4}, {"position": 1}], "reason": "Cancelled."}
    note = client.post(f"/v1/invoices/{invoice['invoice_id']}/credit-notes", credit)
    assert (note["tax"], note["legal_texts"]) == (4, invoice["legal_texts"])

    today = {"from": str(firm.today), "to": str(firm.today), "currency": "EUR"}
    rates = {rate["tax_percent"]: rate for rate in client.get("/v1/reports/tax", **today)["rates"]}
    books = [rates["7.00"][name] for name in ("invoiced_net", "invoiced_tax", "net", "tax")]
    assert books == [150, 12, 100, 8]
    assert (rates["0.00"]["invoiced_net"], rates["0.00"]["credited_net"]) == (900, 900)
    figure = {"tax_code": "standard", "tax_percent": "7.00"}
    found = list(client.list("/v1/reports/tax/documents", **today, **figure))
    assert [one["number"] for one in found] == [invoice["number"], note["number"]]
    client.put("/v1/company", COMPANY)
