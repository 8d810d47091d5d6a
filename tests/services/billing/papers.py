"""Documents to be drawn and read: the facts of an invoice of two days in March."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.billing.document_facts.rules import (
    Account,
    DocumentFacts,
    DocumentKind,
    DocumentLine,
    DocumentRate,
    Due,
    Party,
)
from services.billing.taxes.rules import TaxCode

SELLER = Party(
    name="Steward Trading GmbH",
    lines=("Hafenstr. 12", "20457 HAMBURG"),
    street=("Hafenstr. 12",),
    city="Hamburg",
    postal_code="20457",
    country="DE",
    country_name="GERMANY",
    email="accounts@steward.example",
    tax_ids=(("VAT", "DE136695976"),),
)
BUYER = Party(
    name="Müller & Söhne GmbH",
    recipient="Buchhaltung",
    lines=("Kai 1", "28195 BREMEN"),
    street=("Kai 1",),
    city="Bremen",
    postal_code="28195",
    country="DE",
    country_name="GERMANY",
    number="A-000017",
    tax_ids=(("VAT", "DE136695976"),),
)
ACCOUNT = Account(iban="DE89370400440532013000", bic="COBADEFFXXX")


def line(
    net: int,
    percent: str = "19",
    *,
    quantity: str = "1",
    code: TaxCode = TaxCode.STANDARD,
    description: str = "Office chair",
    reason: str | None = None,
) -> DocumentLine:
    """A line that comes to `net` minor units."""
    many = Decimal(quantity)
    return DocumentLine(
        description=description,
        quantity=many,
        unit_price=round(net / many),
        net=net,
        tax_percent=Decimal(percent),
        tax_code=code,
        exemption_reason=reason,
    )


def rates_of(lines: tuple[DocumentLine, ...]) -> tuple[DocumentRate, ...]:
    """What lines come to at each rate, in the order of the rates."""
    rates: dict[Any, int] = {}
    for one in lines:
        key = (one.tax_percent, one.tax_code, one.exemption_reason)
        rates[key] = rates.get(key, 0) + one.net
    return tuple(
        DocumentRate(
            tax_percent=percent,
            tax_code=code,
            net=net,
            tax=round(net * percent / 100),
            exemption_reason=reason,
        )
        for (percent, code, reason), net in sorted(rates.items(), key=lambda one: str(one[0]))
    )


def bill(*lines: DocumentLine, **differently: Any) -> DocumentFacts:
    """An invoice of one chair for 119.00, unless told otherwise."""
    told = lines or (line(10_000),)
    rates = rates_of(told)
    net, tax = sum(one.net for one in rates), sum(one.tax for one in rates)
    made = DocumentFacts(
        kind=DocumentKind.INVOICE,
        number="2026-000123",
        issued_on=date(2026, 3, 2),
        currency="EUR",
        language="en",
        seller=SELLER,
        buyer=BUYER,
        account=ACCOUNT,
        lines=told,
        rates=rates,
        net=net,
        tax=tax,
        total=net + tax,
        dues=(Due(date(2026, 4, 1), net + tax),),
        client_order_number="PO-4711",
    )
    return replace(made, **differently)
