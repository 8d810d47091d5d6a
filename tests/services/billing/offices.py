"""Where documents are made: books in which we are somebody, and accounts have names and addresses."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from kernel.ids import new_id
from services.billing.addressees.usecases import keep_addressees, keep_contacts
from services.billing.company.usecases import keep_company
from services.billing.documents import usecases
from services.billing.documents.models import Document, DocumentCopy

_PLACE = {"lines": ["Hafenstr. 12", "20457 HAMBURG"], "street": ["Hafenstr. 12"], "city": "Hamburg"}
_PLACE |= {"postal_code": "20457", "region": None, "country": "DE", "country_name": "GERMANY"}
COMPANY: dict[str, Any] = {
    "company_id": new_id("cmp"),
    "version": 1,
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "addresses": [{"kind": "legal", **_PLACE}],
    "tax_ids": [{"kind": "VAT", "value": "DE136695976"}],
    "bank_accounts": [
        {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "bank": None, "currency": None}
    ],
    "email_from": "accounts@steward.example",
    "logo_file_id": None,
    "logo": None,
    "tax_rounding": "document",
}


def address(line: str) -> dict[str, Any]:
    place = {**_PLACE, "lines": [line, "28195 BREMEN"], "street": [line], "city": "Bremen"}
    valid = {"valid_from": date(2026, 1, 1), "valid_to": None}
    return {"kind": "billing", "recipient": None, **place, **valid}


class Office:
    """Books in which we are somebody, and accounts have names, addresses and people."""

    def __init__(self, books: Any) -> None:
        self.books, self.session = books, books.session
        keep_company(self.session, [COMPANY], now=books.now)
        self.account_id = books.open_account()
        self.told = 0
        self.tell()
        self.contact_id = new_id("con")
        contact = {"contact_id": self.contact_id, "account_id": self.account_id, "version": 1}
        contact |= {"name": "Ann", "email": "ann@brown.example", "roles": ["payer"]}
        keep_contacts(self.session, [contact | {"valid_from": None, "valid_to": None}])

    def set_company(self, **differently: Any) -> None:
        """Hear who we are from now on."""
        keep_company(self.session, [COMPANY | differently], now=self.books.now)
        self.session.expire_all()

    def tell(self, **differently: Any) -> None:
        """Hear how the account is addressed from now on."""
        self.told += 1
        facts = {"account_id": self.account_id, "version": self.told, "number": "A-1"}
        facts |= {"name": "Brown & Sons", "language": "en", "email": None, "tax_id": None}
        facts |= {"preferred_channel": "email", "invoice_recipients": []}
        facts |= {"addresses": [address("Kai 1")]} | differently
        keep_addressees(self.session, [facts], now=self.books.now)

    def make(self, invoice: Any) -> Document:
        now = {"now": self.books.now, "by": self.books.by}
        return usecases.make_invoice_document(self.session, invoice_id=invoice.invoice_id, **now)

    def ask(self, document: Document, **whom: Any) -> DocumentCopy:
        named = {"contact_id": None, "email": None} | whom
        document_id = document.document_id
        return usecases.ask_copy(
            self.session, document_id=document_id, **named, **self.books.moment
        )

    def send(self, copy: DocumentCopy) -> None:
        usecases.send_copy(self.session, copy_id=copy.copy_id, now=self.books.now)

    def announced(self, event: Any) -> list[dict[str, Any]]:
        return [one[1] for one in self.session.info["announced"] if one[0] is event]


def text_of(pdf: bytes) -> str:
    """What a PDF says."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
