"""Who sees an account sees the invoices that somebody else pays for it, and nothing else of them."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.company.usecases import keep_company
from tests.services.anothers import WHO_DOES_NOT, refusal_of, state_of
from tests.services.billing.offices import COMPANY
from tests.services.client import Client

pytestmark = pytest.mark.server

LINES = [{"description": "Chair", "quantity": "1", "unit_price": 5000, "tax_percent": "19.00"}]


class Family:
    """A parent that pays for a child, and is billed for it and for itself."""

    def __init__(self, client: Client) -> None:
        self.client = client
        with Session(client.bind) as session, session.begin():
            keep_company(session, [COMPANY], now=client.now)
        self.parent = self._open("Brown & Sons")
        self.child = self._open("Brown, Bremen", payer_id=self.parent)
        self.invoice = self._bill(self.child)
        self.parents = self._bill(self.parent)

    def _open(self, name: str, **facts: Any) -> str:
        known = {"version": 1, "number": "A-1", "status": "active", "net_days": 30, "country": "DE"}
        known |= {"account_id": new_id("acc")} | facts
        self.client.hear("keep_accounts", **known)
        told = {"account_id": known["account_id"], "number": "A-1", "name": name, "version": 1}
        self.client.hear("keep_addressees", **told)
        return str(known["account_id"])

    def _bill(self, account_id: str) -> dict[str, Any]:
        draft = {"account_id": account_id, "currency": "EUR", "lines": LINES}
        invoice_id = self.client.call("draft_invoice", **draft)["invoice_id"]
        issued: dict[str, Any] = self.client.call("issue_invoice", invoice_id=invoice_id)
        return issued


@pytest.fixture
def family(client: Client) -> Family:
    return Family(client)


@pytest.fixture(params=WHO_DOES_NOT)
def childs(request: pytest.FixtureRequest, family: Family) -> Any:
    """Whoever sees the child and not the parent."""
    return WHO_DOES_NOT[request.param](family.client, family.child)


def test_who_sees_the_child_sees_what_is_billed_for_it(family: Family, childs: Any) -> None:
    client, invoice = family.client, family.invoice
    asked = {"for_account_id": family.child}
    [listed] = client.call("list_invoices", caller=childs, **asked)["items"]
    assert (listed["invoice_id"], listed["account_id"]) == (invoice["invoice_id"], family.parent)
    named = {"invoice_id": invoice["invoice_id"]}
    assert client.call("get_invoice", caller=childs, **named) == invoice
    document = client.call("make_invoice_document", caller=childs, **named)
    assert document == client.call("make_invoice_document", **named)
    made = {"document_id": document["document_id"]}
    assert client.call("get_document", caller=childs, **made) == document
    pdf = client.call("get_document_pdf", caller=childs, **made)
    assert pdf == client.call("get_document_pdf", **made)
    said = "\n".join(page.extract_text() for page in PdfReader(content_of(pdf)).pages)
    assert "Brown & Sons" in said and "Brown, Bremen" in said


def content_of(document: Any) -> BytesIO:
    return BytesIO(base64.b64decode(document["content"]))


def test_who_sees_the_child_sees_nothing_else_of_who_pays(family: Family, childs: Any) -> None:
    client, named = family.client, {"invoice_id": family.parents["invoice_id"]}
    document = client.call("make_invoice_document", **named)
    for endpoint, values in (
        ("get_invoice", named),
        ("make_invoice_document", named),
        ("get_document", {"document_id": document["document_id"]}),
        ("get_document_pdf", {"document_id": document["document_id"]}),
        ("get_balance", {"account_id": family.parent}),
        ("list_invoices", {"account_id": family.parent}),
        ("list_invoices", {"account_id": family.parent, "for_account_id": family.child}),
    ):
        refusal = refusal_of(client, endpoint, values, caller=childs)
        assert refusal is not None and refusal.status == 404, endpoint
    for endpoint in ("list_invoices", "list_items", "list_documents"):
        assert client.call(endpoint, caller=childs)["items"] == [], endpoint
    other = {"for_account_id": family.parent}
    assert client.call("list_invoices", caller=childs, **other)["items"] == []


def test_who_sees_the_child_changes_nothing_of_what_is_billed_for_it(
    family: Family, childs: Any
) -> None:
    client, named = family.client, {"invoice_id": family.invoice["invoice_id"]}
    before = state_of(client.bind)
    for endpoint, values in (
        ("void_invoice", {"reason": "Wrong."}),
        ("credit_invoice", {"reason": "Wrong."}),
        ("settle_invoice", {"reason": "Wrong."}),
    ):
        with pytest.raises(Refusal) as refused:
            client.call(endpoint, caller=childs, **named, **values)
        assert refused.value.status == 404, endpoint
    assert state_of(client.bind) == before


def test_who_sees_neither_sees_nothing(family: Family) -> None:
    client, stranger = family.client, family._open("Green")
    for who in WHO_DOES_NOT.values():
        caller = who(client, stranger)
        asked = {"for_account_id": family.child}
        assert client.call("list_invoices", caller=caller, **asked)["items"] == []
        named = {"invoice_id": family.invoice["invoice_id"]}
        for endpoint in ("get_invoice", "make_invoice_document"):
            refusal = refusal_of(client, endpoint, named, caller=caller)
            assert refusal is not None and refusal.status == 404
