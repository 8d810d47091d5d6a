"""Documents are made once, of what was so on their day; copies go out to those who may have them."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader
from sqlalchemy import delete, select

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, Unavailable
from services.billing.company.models import Company
from services.billing.documents import events, queries, usecases
from services.billing.documents.models import Document
from services.billing.documents.settings import copies_per_day
from services.billing.invoices.models import Invoice
from stationery.mail.messages import Mail, RefusedForGood
from tests.services.billing.offices import Office, address

pytestmark = pytest.mark.server


@pytest.fixture
def office(books: Any) -> Office:
    return Office(books)


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """The mail that left; it lies outside the system."""
    messages: list[EmailMessage] = []

    def take(mail: Mail) -> None:
        messages.append(message_from_bytes(mail.content, policy=policy.default))

    monkeypatch.setattr(usecases, "send_mail", take)
    return messages


def _fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_mail: Mail) -> None:
        raise error

    monkeypatch.setattr(usecases, "send_mail", fail)


def _bill(office: Office, **facts: Any) -> Any:
    line = office.books.line(10_000, tax="19")
    return office.books.bill(office.account_id, lines=[line], **facts)


def _text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_it_is_made_once_with_its_hashes_and_its_e_invoice_inside(office: Office) -> None:
    invoice = _bill(office, client_order_number="PO-4711")
    document = office.make(invoice)
    assert (document.kind, document.number) == ("invoice", invoice.number)
    assert document.lacks == [] and document.xml is not None
    assert document.pdf_sha256 == hashlib.sha256(document.pdf).hexdigest()
    assert document.xml_sha256 == hashlib.sha256(document.xml).hexdigest()
    assert get_facturx_xml_from_pdf(document.pdf)[1] == document.xml
    text = _text(document.pdf)
    for word in ("Brown & Sons", "Kai 1", "PO-4711", "119.00 EUR", "DE136695976", "Page 1 of 1"):
        assert word in text
    office.books.wait(40)
    assert office.make(invoice) is document
    pdf, number = queries.get_pdf(office.session, document_id=document.document_id)
    assert (pdf, number) == (document.pdf, invoice.number)


def test_it_bears_the_name_and_address_of_its_day_whenever_it_is_made(office: Office) -> None:
    before = _bill(office)
    office.books.wait(10)
    office.tell(name="Green & Daughters", addresses=[address("Deich 9")], language="de")
    after = _bill(office)
    office.books.wait(10)
    old, new = (_text(office.make(invoice).pdf) for invoice in (before, after))
    assert "Brown & Sons" in old and "Kai 1" in old and "Invoice" in old
    assert "Green & Daughters" in new and "Deich 9" in new and "Rechnung" in new


def test_each_line_names_for_whom_it_is_where_somebody_else_pays(office: Office) -> None:
    child = office.books.open_account(payer_id=office.account_id)
    office.tell(account_id=child, number="A-7", name="Brown North")
    invoice = office.books.bill(child, lines=[office.books.line(10_000, tax="19")])
    note = office.books.credit(invoice, 595)
    made = office.make(invoice)
    text = _text(made.pdf)
    assert "Brown & Sons" in text and "Service · Brown North, A-7" in text
    assert "Brown North, A-7" in made.xml.decode()
    now = {"now": office.books.now, "by": office.books.by}
    made = usecases.make_credit_note_document(
        office.session, credit_note_id=note.credit_note_id, **now
    )
    assert "complaint · Brown North, A-7" in _text(made.pdf)


def test_it_bears_who_we_were_on_its_day_and_where_money_goes_when_it_is_made(
    office: Office,
) -> None:
    invoice = _bill(office)
    office.books.wait(10)
    other = [{"iban": "DE02120300000000202051", "bic": None, "bank": None, "currency": None}]
    office.set_company(version=2, legal_name="Steward Holding AG", bank_accounts=other)
    before, after = (_text(office.make(one).pdf) for one in (invoice, _bill(office)))
    assert "Steward Trading GmbH" in before and "Holding" not in before
    assert "Steward Holding AG" in after
    assert "DE02 1203 0000 0000 2020 51" in before


def test_what_became_of_it_later_does_not_stand_on_it(office: Office) -> None:
    invoice = _bill(office)
    [item] = invoice.items
    first = item.due_date
    office.books.wait(1)
    office.books.reschedule(invoice, (5_000, date(2026, 6, 1)), (6_900, date(2026, 7, 1)))
    office.books.pay(office.account_id, 2_000)
    sheet = office.make(invoice).sheet
    assert sheet["dues"] == [[f"{first.day} {first:%B %Y}", "119.00 EUR"]]
    assert "Already paid" not in json.dumps(sheet)


def test_what_was_paid_by_its_day_is_taken_off(office: Office) -> None:
    invoice = _bill(office)
    office.books.pay(office.account_id, 2_000)
    sums = dict(office.make(invoice).sheet["sums"])
    assert (sums["Already paid"], sums["Amount due"]) == ("-20.00 EUR", "99.00 EUR")


def test_a_shipments_bill_names_it_by_its_number_and_what_was_billed_ahead(
    office: Office, books: Any
) -> None:
    office.tell(language="de")
    order_id = books.order(office.account_id)
    ahead = _bill(office, order_id=order_id)
    shipment_id = books.ship(
        office.account_id, order_id, books.line(15_000, tax="19"), number="SH-100007"
    )
    invoice = books.session.scalars(select(Invoice).where(Invoice.shipment_id == shipment_id)).one()
    document = office.make(invoice)
    assert ["Lieferung", "SH-100007"] in document.sheet["facts"]
    words = f"Vorab berechnet mit Rechnung {ahead.number}, 2. März 2026"
    assert document.sheet["rows"][1][0] == words
    assert document.xml is not None and words.encode() in document.xml
    assert b">SH-100007<" in document.xml and b"shp_" not in document.xml


def test_a_credit_note_and_a_debit_note_name_their_invoice(office: Office) -> None:
    invoice = _bill(office)
    note = office.books.credit(invoice, 1_190)
    raised = office.books.raise_invoice(invoice, office.books.line(500, tax="19"))
    made = usecases.make_credit_note_document(
        office.session, credit_note_id=note.credit_note_id, now=office.books.now, by="ann"
    )
    for document in (made, office.make(raised)):
        assert document.xml is not None
        assert f">{invoice.number}<".encode() in document.xml
        assert any(invoice.number in value for _, value in document.sheet["facts"])


def test_what_cannot_be_an_e_invoice_is_a_document_all_the_same(office: Office) -> None:
    office.tell(addresses=[])
    office.books.wait(1)
    document = office.make(_bill(office))
    assert document.xml is None and len(document.lacks) == 1
    with pytest.raises(Conflict, match="billing address"):
        queries.get_xml(office.session, document_id=document.document_id)


def test_an_e_invoice_that_lacked_something_is_made_when_it_is_there_and_the_pdf_stays(
    office: Office,
) -> None:
    office.set_company(version=2, bank_accounts=[])
    invoice = _bill(office)
    document = office.make(invoice)
    pdf, [lacking] = document.pdf, document.lacks
    assert "IBAN" in lacking and office.make(invoice).lacks == [lacking]
    office.set_company(version=3)
    assert office.make(invoice).lacks == []
    assert document.xml is not None and (document.pdf, document.copies) == (pdf, 0)


def test_a_document_says_whom_it_is_from(office: Office) -> None:
    office.session.execute(delete(Company))
    with pytest.raises(Conflict, match="PUT /v1/company"):
        office.make(_bill(office))


def test_a_draft_has_no_document(office: Office, books: Any) -> None:
    draft = books.draft(office.account_id)
    with pytest.raises(Conflict, match="issue it first"):
        office.make(draft)


def test_a_copy_goes_to_who_may_have_it_and_says_so(
    office: Office, outgoing: list[EmailMessage]
) -> None:
    document = office.make(_bill(office))
    copy = office.ask(document)
    assert office.announced(events.DocumentCopyAsked)[-1]["copy_id"] == copy.copy_id
    office.send(copy)
    office.send(copy)
    [message] = outgoing
    assert (message["To"], message["From"]) == (
        "ann@brown.example",
        "Steward Trading GmbH <accounts@steward.example>",
    )
    assert "Copy" in message["Subject"]
    [enclosed] = message.iter_attachments()
    content = enclosed.get_content()
    assert _text(content).count("Copy") >= 3, "in the title, beside the recipient, at the foot"
    assert PdfReader(BytesIO(content)).attachments == {}
    assert (copy.status, copy.place, document.copies) == ("sent", 1, 1)
    assert office.announced(events.DocumentCopyEnded)[-1]["status"] == "sent"


def test_a_copy_to_anybody_else_is_refused(office: Office) -> None:
    document = office.make(_bill(office))
    with pytest.raises(Invalid, match=r"ann@brown.example"):
        office.ask(document, email="eve@other.example")
    with pytest.raises(Invalid):
        office.ask(document, contact_id=new_id("con"))


def test_so_many_copies_go_out_to_an_account_in_a_day(office: Office) -> None:
    one, other = office.make(_bill(office)), office.make(_bill(office))
    for place in range(copies_per_day()):
        office.ask(one if place % 2 else other)
    with pytest.raises(Conflict, match="tomorrow"):
        office.ask(one)
    office.books.wait(1)
    office.ask(one)


def test_a_copy_that_will_never_be_taken_is_over_and_one_that_waits_is_not(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = office.make(_bill(office))
    copy = office.ask(document)
    _fail(monkeypatch, Unavailable("mail_server_away", "Later."))
    with pytest.raises(Unavailable):
        office.send(copy)
    assert copy.status == "asked"
    _fail(monkeypatch, RefusedForGood("550 nobody here"))
    office.send(copy)
    assert (copy.status, copy.reason, copy.sent_at) == ("refused", "550 nobody here", None)
    assert office.announced(events.DocumentCopyEnded)[-1]["status"] == "refused"


def test_documents_are_listed_by_account_the_newest_first(office: Office) -> None:
    made = [office.make(_bill(office)) for _ in range(2)]
    page = queries.list_documents(
        office.session, account_id=office.account_id, kind=None, limit=10, after=None
    )
    assert [one.document_id for one in page["items"]] == sorted(
        (one.document_id for one in made), reverse=True
    )
    assert office.session.scalars(select(Document.kind)).all() == ["invoice"] * 2


def test_rates_and_codes_come_through(office: Office) -> None:
    exempt = {**office.books.line(2_000), "tax_code": "exempt", "exemption_reason": "§ 4 UStG"}
    lines = [office.books.line(10_000, tax="19"), {**exempt, "tax_percent": Decimal(0)}]
    document = office.make(office.books.bill(office.account_id, lines=lines))
    assert document.xml is not None and "§ 4 UStG".encode() in document.xml
    assert "§ 4 UStG" in document.sheet["notes"]
