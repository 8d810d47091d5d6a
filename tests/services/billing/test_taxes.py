"""How documents are taxed: by codes, rounded as the company does, and what stands on them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from services.accounts.events import CompanyChanged
from services.billing.company.subscriptions import COMPANY
from services.billing.company.usecases import keep_company
from services.billing.credits.usecases import credit_account
from services.billing.invoices.models import Invoice
from services.billing.reconciliation.queries import reconcile
from services.billing.subscriptions import ShipmentSent as OurShipmentSent
from services.sales.events import ShipmentSent
from tests.services.billing.conftest import Books, line

pytestmark = pytest.mark.server

EXEMPT = {"tax_code": "exempt", "exemption_reason": "Exempt under section 4 no. 21 UStG"}
HALF_A_CENT = [line(50, tax="7")] * 3  # 3.5 each: 11 in all (10.5), 12 by line


def round_by(books: Books, rounding: str, *, version: int = 1) -> None:
    """Hear from accounts how the company has its tax rounded."""
    said = CompanyChanged.example | {"version": version, "tax_rounding": rounding}
    keep_company(books.session, [COMPANY[0]().load(said)], now=books.now)


def taxes_of(document: Any) -> list[tuple[str, int, int]]:
    return [(rate.tax_code, rate.net, rate.tax) for rate in document.rates]


def shipped(books: Books, account: str, *lines: dict[str, Any]) -> Invoice:
    shipment_id = books.ship(account, new_id("ord"), *lines)
    return books.session.scalars(select(Invoice).where(Invoice.shipment_id == shipment_id)).one()


def credited_freely(books: Books, account: str, *lines: dict[str, Any]) -> Any:
    grounds = {"reason": "goodwill", "remedy_id": None, "return_id": None, "issued_on": None}
    asked = {"account_id": account, "currency": "EUR", "order_id": None, "lines": lines}
    return credit_account(books.session, **asked, **grounds, **books.moment)


def test_codes_stand_on_every_kind_of_document_and_on_what_is_credited_of_it(books, account):
    lines = [line(1000, **EXEMPT), line(500), line(100, tax="7", tax_code="reduced")]
    totals = [("exempt", 1000, 0), ("zero", 500, 0), ("reduced", 100, 7)]
    invoice = books.bill(account, lines=lines)
    books.batch(books.demand(account, lines=lines, issued_on=None))
    documents = [
        invoice,
        books.raise_invoice(invoice, *lines),
        shipped(books, account, *lines),
        credited_freely(books, account, *lines),
        books.credit(invoice),
    ]
    assert [taxes_of(each) for each in documents] == [totals] * len(documents)
    texts = [{"tax_code": "exempt", "text": EXEMPT["exemption_reason"]}]
    assert [each.legal_texts for each in documents] == [texts] * len(documents)
    told = books.announced("InvoiceIssued", "CreditNoteIssued")
    codes = [[one["tax_code"] for one in each["lines"]] for each in told if each["lines"]]
    assert codes == [["exempt", "zero", "reduced"]] * 5
    books.check_constraints()
    assert reconcile(books.session)["differences"] == []


def test_what_was_billed_ahead_is_taken_off_at_its_own_code(books, account):
    order = books.order(account)
    books.bill(account, lines=[line(300, **EXEMPT)], order_id=order)
    shipment_id = books.ship(account, order, line(500, **EXEMPT), line(200))
    found = select(Invoice).where(Invoice.shipment_id == shipment_id)
    invoice = books.session.scalars(found).one()
    assert taxes_of(invoice) == [("exempt", 200, 0), ("zero", 200, 0)]
    taken_off = invoice.lines[2]
    assert (taken_off.tax_code, taken_off.exemption_reason) == tuple(EXEMPT.values())
    books.check_constraints()


def test_tax_is_rounded_as_the_company_does_when_the_document_is_written(books, account):
    before = books.draft(account, lines=HALF_A_CENT)
    round_by(books, "line")
    assert (books.issue(before).tax, before.tax_rounding) == (11, "document")
    books.batch(books.demand(account, lines=HALF_A_CENT, issued_on=None))
    by_line = [
        books.bill(account, lines=HALF_A_CENT),
        books.raise_invoice(before, *HALF_A_CENT),
        shipped(books, account, *HALF_A_CENT),
        books.invoice(books.announced("InvoiceIssued")[1]["invoice_id"]),
    ]
    assert {(each.tax, each.tax_rounding) for each in by_line} == {(12, "line")}
    assert credited_freely(books, account, *HALF_A_CENT).tax == 12


@pytest.mark.parametrize(("rounding", "taxes"), [("document", [4, 3, 4]), ("line", [4, 4, 4])])
def test_credit_notes_go_on_as_their_invoice_was_rounded(books, account, rounding, taxes):
    round_by(books, rounding)
    invoice = books.bill(account, lines=HALF_A_CENT)
    round_by(books, "line" if rounding == "document" else "document", version=2)
    notes = [books.credit_lines(invoice, (place, None)) for place in (1, 2, 3)]
    assert [note.tax for note in notes] == taxes
    assert sum(note.total for note in notes) == invoice.total == invoice.credited


def test_a_shipment_whose_invoice_is_void_is_billed_ahead_again_as_it_was_rounded(books, account):
    round_by(books, "line")
    order = books.order(account)
    shipment_id = books.ship(account, order, *HALF_A_CENT)
    found = select(Invoice).where(Invoice.shipment_id == shipment_id)
    books.void(books.session.scalars(found).one())
    again = books.bill(account, lines=HALF_A_CENT, order_id=order)
    assert (again.total, books.balance(account)) == (162, (162, 0))
    next_one = books.ship(account, order, *HALF_A_CENT)
    found = select(Invoice).where(Invoice.shipment_id == next_one)
    assert books.session.scalars(found).one().taken_off == 0


def test_what_misses_a_reason_keeps_the_others_of_its_batch_from_nothing(books, account):
    broken = [line(100), line(100, tax_code="exempt")]
    rows = [books.demand(account, lines=each, issued_on=None) for each in (broken, [line(5)])]
    refused, issued = books.batch(*rows)["results"]
    assert refused["errors"][0]["field"] == "lines/1/exemption_reason"
    assert issued["total"] == 5


def test_sales_may_say_how_a_line_is_taxed(books, account):
    [said] = ShipmentSent.example["lines"]
    zero = {"tax_percent": "0", "tax_code": "reverse_charge", "exemption_reason": None}
    facts = {"account_id": account, "order_id": new_id("ord"), "shipment_id": new_id("shp")}
    sent = ShipmentSent.example | facts | {"lines": [said, said | zero]}
    assert ShipmentSent().validate(sent) == {}
    ours = OurShipmentSent().load(sent)
    invoice = shipped(books, account, *ours["lines"])
    assert [rate.tax_code for rate in invoice.rates] == ["reverse_charge", "standard"]
    assert invoice.legal_texts[0]["text"].startswith("Reverse charge:")
