"""Claims about what documents say."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from services.billing.document_facts.rules import Account, DocumentFacts, DocumentKind, Due
from services.billing.sheets.rules import Sheet, as_text, compose, epc_payload, mark_copy, restore
from services.billing.taxes.rules import TaxCode
from tests.services.billing.papers import BUYER, SELLER, bill, line

REFERENCE = "doc_01jd3v4q6ye8z9t5k2m7n0p1xw"


def _sheet(written: DocumentFacts) -> Sheet:
    return compose(written, reference=REFERENCE, email="settings@steward.example")


def test_an_invoice_says_what_is_needed_to_pay_it() -> None:
    sheet = _sheet(bill(line(10_000), line(5_000, "7", quantity="2.5")))
    assert sheet.title == "Invoice 2026-000123"
    assert sheet.recipient == ["Müller & Söhne GmbH", "Buchhaltung", "Kai 1", "28195 BREMEN"]
    assert sheet.facts == [
        ["Date", "2 March 2026"],
        ["Account", "A-000017"],
        ["Your order", "PO-4711"],
        ["Your tax number", "DE136695976"],
    ]
    assert sheet.rows[1] == ["Office chair", "2.5", "20.00 EUR", "7%", "50.00 EUR"]
    assert sheet.sums == [
        ["Net", "150.00 EUR"],
        ["Tax 19% on 100.00 EUR", "19.00 EUR"],
        ["Tax 7% on 50.00 EUR", "3.50 EUR"],
        ["Total", "172.50 EUR"],
    ]
    assert sheet.dues == [["1 April 2026", "172.50 EUR"]]
    assert sheet.payment == [
        ["Please pay to", "Steward Trading GmbH"],
        ["IBAN", "DE89 3704 0044 0532 0130 00"],
        ["BIC", "COBADEFFXXX"],
        ["Payment reference", "2026-000123"],
    ]
    assert sheet.bank is not None and "VAT DE136695976" in sheet.bank


def test_lines_of_other_days_say_which() -> None:
    before = replace(line(-9_450), service_from=date(2026, 2, 15), service_until=date(2026, 2, 28))
    after = replace(line(18_900), service_from=date(2026, 3, 1), service_until=date(2026, 3, 1))
    sheet = _sheet(bill(before, after, line(100)))
    assert ["Service period", "15 February 2026 – 1 March 2026"] in sheet.facts
    assert [row[0] for row in sheet.rows] == [
        "Office chair, 15 February 2026 – 28 February 2026",
        "Office chair, 1 March 2026",
        "Office chair",
    ]


def test_lines_of_the_same_days_leave_them_to_the_head() -> None:
    same = replace(line(18_900), service_from=date(2026, 3, 1), service_until=date(2026, 3, 31))
    assert [row[0] for row in _sheet(bill(same, same)).rows] == ["Office chair", "Office chair"]


def test_lines_of_other_shipments_say_which() -> None:
    sent = [replace(line(100), shipment_number=number) for number in ("SH-1", "SH-2")]
    sheet = _sheet(bill(*sent, line(50)))
    assert [row[0] for row in sheet.rows] == [
        "Office chair, SH-1",
        "Office chair, SH-2",
        "Office chair",
    ]
    alone = _sheet(bill(sent[0], shipment_number="SH-1"))
    assert ["Delivery", "SH-1"] in alone.facts and alone.rows[0][0] == "Office chair"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Billed ahead on invoice R-9, 1 February 2026"),
        ("de-AT", "Vorab berechnet mit Rechnung R-9, 1. Februar 2026"),
        ("el", "Τιμολογήθηκε εκ των προτέρων με το τιμολόγιο R-9, 1 Φεβρουαρίου 2026"),
        ("ja", "前払い請求分（請求書 R-9, 2026年2月1日）"),
    ],
)
def test_what_was_billed_ahead_is_taken_off_in_the_clients_words(language: str, words: str) -> None:
    taken_off = replace(line(-50), billed_ahead=("R-9", date(2026, 2, 1)))
    assert _sheet(bill(line(100), taken_off, language=language)).rows[1][0] == words


@pytest.mark.parametrize(
    ("language", "title", "total"),
    [
        ("de-CH", "Rechnung 2026-000123", "1'190.00 EUR"),
        ("de", "Rechnung 2026-000123", "1.190,00 EUR"),
        ("el", "Τιμολόγιο 2026-000123", "1.190,00 EUR"),
        ("ja", "請求書 2026-000123", "1,190.00 EUR"),
        ("tlh", "Invoice 2026-000123", "1,190.00 EUR"),
    ],
)
def test_it_is_in_the_clients_language_and_number_format(
    language: str, title: str, total: str
) -> None:
    sheet = _sheet(bill(line(100_000), language=language))
    assert (sheet.title, sheet.sums[-1][1]) == (title, total)


def test_what_was_paid_is_taken_off_and_each_instalment_has_its_day() -> None:
    dues = (Due(date(2026, 4, 1), 3_570), Due(date(2026, 5, 1), 8_330))
    sheet = _sheet(bill(paid=3_000, dues=dues))
    assert sheet.sums[-3:] == [
        ["Total", "119.00 EUR"],
        ["Already paid", "-30.00 EUR"],
        ["Amount due", "89.00 EUR"],
    ]
    assert sheet.dues == [["1 April 2026", "35.70 EUR"], ["1 May 2026", "83.30 EUR"]]


def test_a_credit_note_names_its_invoice_and_asks_for_nothing() -> None:
    note = bill(
        kind=DocumentKind.CREDIT_NOTE, number="CN-1", reason="Damaged", account=None, dues=()
    )
    sheet = _sheet(replace(note, refers_to=("2026-000123", date(2026, 3, 2))))
    assert ["For invoice", "2026-000123, 2 March 2026"] in sheet.facts
    assert sheet.notes == ["Reason: Damaged", "The amount is credited to your account."]
    assert (sheet.payment, sheet.qr, sheet.dues) == ([], None, [])


@pytest.mark.parametrize("kind", [DocumentKind.FEE, DocumentKind.INTEREST, DocumentKind.LETTER])
def test_costs_are_a_row_without_tax(kind: DocumentKind) -> None:
    free = {"lines": (), "rates": (), "net": 0, "tax": 0}
    cost = bill(kind=kind, number="FEE-1", untaxed=500, total=500, reason="Second reminder", **free)
    sheet = _sheet(cost)
    assert sheet.title == "Costs of late payment FEE-1"
    assert sheet.rows == [["Second reminder", "1", "5.00 EUR", "", "5.00 EUR"]]
    assert sheet.sums == [["Total", "5.00 EUR"]]


def test_why_there_is_no_tax_stands_there() -> None:
    exempt = line(100, "0", code=TaxCode.EXEMPT, reason="§ 4 Nr. 21 UStG")
    reverse = line(100, "0", code=TaxCode.REVERSE_CHARGE)
    sheet = _sheet(bill(exempt, reverse))
    assert sheet.notes == ["§ 4 Nr. 21 UStG", "Reverse charge: the recipient owes the tax"]


def test_abroad_the_countries_stand_in_both_addresses() -> None:
    sheet = _sheet(bill(buyer=replace(BUYER, country="AT", country_name="AUSTRIA")))
    assert (sheet.recipient[-1], sheet.sender_address[-1]) == ("AUSTRIA", "GERMANY")


def test_a_company_without_an_address_for_mail_has_the_settings() -> None:
    sheet = _sheet(bill(seller=replace(SELLER, email=None)))
    assert sheet.sender_email == "settings@steward.example"


def test_what_an_app_reads_is_what_the_payments_council_wrote_down() -> None:
    # EPC069-12: service, version, character set (1: UTF-8), form; the account, the amount, the reference.
    assert epc_payload(bill()) == (
        "BCD\n002\n1\nSCT\nCOBADEFFXXX\nSteward Trading GmbH\nDE89370400440532013000\nEUR119.00\n\n\n"
        "2026-000123"
    )


@pytest.mark.parametrize(
    "differently",
    [
        {"currency": "CHF"},
        {"account": None},
        {"kind": DocumentKind.CREDIT_NOTE},
        {"paid": 11_900},
        {"dues": (Due(date(2026, 4, 1), 100_000_000_000),), "total": 100_000_000_000},
    ],
    ids=lambda one: "-".join(one),
)
def test_there_is_no_code_where_nothing_can_be_paid_by_it(differently: dict[str, Any]) -> None:
    assert epc_payload(bill(**differently)) is None


def test_a_code_has_the_first_instalment_and_no_longer_texts_than_it_may() -> None:
    long = replace(SELLER, name="The Extraordinarily Long-Named " * 5)
    dues = (Due(date(2026, 4, 1), 5), Due(date(2026, 5, 1), 11_895))
    payload = epc_payload(bill(seller=long, dues=dues, account=Account(iban="DE1", bic=None)))
    assert payload is not None
    lines = payload.split("\n")
    assert (lines[4], lines[7]) == ("", "EUR0.05")
    assert len(lines[5]) <= 70


def test_a_copy_says_so_on_each_page_and_is_not_paid_by_an_app() -> None:
    sheet = _sheet(bill())
    copy = mark_copy(sheet, number=2, on=date(2026, 6, 5))
    assert copy.title == "Invoice 2026-000123 (Copy)"
    assert copy.page == "Copy · Page {page} of {pages}"
    assert copy.facts[0] == ["Copy", "2 · 5 June 2026"]
    assert copy.qr is None
    assert as_text(copy).startswith("Please find enclosed a copy of: Invoice 2026-000123 (Copy).")
    same = asdict(sheet).keys() - {"title", "page", "facts", "qr"}
    assert {name: asdict(copy)[name] for name in same} == {
        name: asdict(sheet)[name] for name in same
    }


def test_what_is_stored_comes_back_as_it_was() -> None:
    sheet = _sheet(bill())
    assert restore(asdict(sheet)) == sheet
