"""A receipt is a document: made once, in the client's words, with all that the money is set against."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.refusals import Conflict, NotKnownYet
from services.billing.document_facts.queries import read_correspondents
from services.billing.documents.models import Document
from services.billing.payments.rules import Method
from services.billing.receipts.rules import ReceiptFacts, compose_receipt
from services.billing.receipts.usecases import make_receipt_document
from services.billing.statement_labels.rules import STATEMENT_LABELS
from tests.services.billing.offices import Office, text_of

pytestmark = pytest.mark.server


@pytest.fixture
def office(books: Any) -> Office:
    return Office(books)


def _make(office: Office, payment: Any) -> Document:
    payment_id = payment.payment_id
    return make_receipt_document(office.session, payment_id=payment_id, **office.books.moment)


def test_it_says_what_came_and_what_it_is_set_against(office: Office) -> None:
    books = office.books
    first, second = books.bill(office.account_id, 30_000), books.bill(office.account_id, 50_000)
    payment = books.pay(office.account_id, 100_000, value_date=date(2026, 3, 2))
    document = _make(office, payment)
    assert (document.kind, document.number) == ("receipt", "RCPT-2026-000001")
    assert document.lacks == [
        "Receipts and statements are no invoices: there is no e-invoice of them."
    ]
    text = text_of(document.pdf)
    for word in (
        *("Receipt RCPT-2026-000001", "Brown & Sons", "Kai 1", "Transfer", "2 March 2026"),
        *(first.number, "300.00 EUR", second.number, "500.00 EUR", "1,000.00 EUR"),
        *("Not yet set against an invoice", "200.00 EUR", "Page 1 of 1"),
    ):
        assert word in text, word


def test_it_is_made_once_and_stays_whatever_becomes_of_the_money(office: Office) -> None:
    payment = office.books.pay(office.account_id, 1_000)
    document = _make(office, payment)
    made = document.pdf
    office.books.wait(1)
    office.books.reverse(payment, amount=1_000)
    assert _make(office, payment) is document and document.pdf == made


def test_of_money_that_was_not_there_none_is_made(office: Office) -> None:
    payment = office.books.pay(office.account_id, 1_000)
    office.books.reverse(payment, amount=1_000)
    with pytest.raises(Conflict):
        _make(office, payment)


def test_whom_nobody_told_of_is_waited_for(office: Office) -> None:
    stranger = office.books.open_account()
    with pytest.raises(NotKnownYet):
        _make(office, office.books.pay(stranger, 1_000))


def test_what_was_given_back_reversed_or_kept_stands_there_too(office: Office) -> None:
    facts: dict[str, Any] = {"number": "R-1", "issued_on": date(2026, 3, 2), "currency": "EUR"}
    facts |= {"amount": 1_000, "value_date": date(2026, 3, 1), "method": "cash", "reference": None}
    parties = _parties(office)
    told = ReceiptFacts(
        **facts, parts=[("I-1", 300), ("I-1", 100)], left=0, given_back=250, reversed=200, kept=150
    )
    sheet = compose_receipt(told, parties, reference="doc_1", email="a@b.example")
    assert sheet.rows == [
        ["I-1", "4.00 EUR"],
        ["Refund", "2.50 EUR"],
        ["Payment reversed", "2.00 EUR"],
        ["Adjustment", "1.50 EUR"],
    ]
    assert sheet.sums == [["Amount received", "10.00 EUR"]]
    assert ["Payment method", "Cash"] in sheet.facts


def test_each_way_of_paying_has_its_word() -> None:
    for words in STATEMENT_LABELS.values():
        assert all(getattr(words, method) for method in Method)


def _parties(office: Office) -> Any:
    named = {"account_ids": [office.account_id], "currency": "EUR", "on": office.books.today}
    return read_correspondents(office.session, **named)[office.account_id]
