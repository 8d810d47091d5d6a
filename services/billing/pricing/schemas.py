"""Lines of documents and their totals by rate of tax, coming in and going out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.fields import Id, ListOf, Minor, Percent, Schema, SignedQuantity, Text, Whole
from services.billing.taxes.rules import REASON_LENGTH_MAX, TaxCode

LINES_MAX = 1000
TAX_CODE = {
    "description": "standard and reduced: taxed; zero: at 0 percent; exempt: by law, for the reason that "
    "is stated; reverse_charge: the client is liable for the tax. Left out, it is zero at 0 percent, "
    "else standard.",
    "example": "standard",
}
EXEMPTION_REASON = {
    "description": "Why no tax is taken, as it must stand on the document: with exempt always, with "
    "reverse_charge in place of the usual words, else never."
}


def tax_code(**options: Any) -> fields.String:
    """The field for the code of a tax."""
    codes = validate.OneOf(list(TaxCode))
    return fields.String(validate=codes, metadata=TAX_CODE, **options)


def exemption_reason(**options: Any) -> Text:
    """The field for why no tax is taken."""
    return Text(longest=REASON_LENGTH_MAX, allow_none=True, metadata=EXEMPTION_REASON, **options)


class NewLine(Schema):
    """What is demanded or credited for what. A line's net is quantity × unit price, rounded half up;
    tax is taken per rate on the document's net at that rate, rounded half up once, or for each line, as
    the company does. A quantity below 0 takes something off; the document as a whole comes to more than
    nothing."""

    description = Text(required=True, longest=500, metadata={"description": "What for."})
    quantity = SignedQuantity(
        required=True,
        metadata={"description": "How many; up to three decimals. Below 0 it is taken off."},
    )
    unit_price = Minor(
        required=True,
        least=0,
        metadata={"description": "Net price of one, in minor units of the document's currency."},
    )
    tax_percent = Percent(required=True, metadata={"description": "Rate of tax."})
    tax_code = tax_code(load_default=None)
    exemption_reason = exemption_reason(load_default=None)


class Line(NewLine):
    """A line and what it comes to."""

    position = Whole(metadata={"description": "Its place on the document, from 1."})
    net = Minor(metadata={"description": "quantity × unit_price, rounded half up."})
    advance_id = Id(
        "inv",
        allow_none=True,
        metadata={
            "description": "The invoice made ahead of which the line takes a part off; its quantity "
            "is then -1."
        },
    )
    order_line_id = Id(
        "orl", allow_none=True, metadata={"description": "The order line it bills, where known."}
    )


class Rate(Schema):
    """What a document comes to at one rate of tax, by code and percent."""

    tax_percent = Percent(metadata={"description": "Rate of tax."})
    tax_code = tax_code()
    exemption_reason = fields.String(allow_none=True, metadata=EXEMPTION_REASON)
    net = Minor(metadata={"description": "Without tax."})
    tax = Minor(
        metadata={
            "description": "net × tax_percent, rounded half up, in all or by line; less the tax that was "
            "billed ahead, where that is taken off."
        }
    )


class LegalText(Schema):
    """A text that must stand on the document by law."""

    tax_code = tax_code()
    text = fields.String(
        metadata={"description": "The reason that is stated, or the words that the law wants."}
    )


def legal_texts() -> fields.List:
    """The field for what must stand on a document by law."""
    text = "What must stand on the document by law because of its codes of tax."
    return fields.List(fields.Nested(LegalText), metadata={"description": text})


def new_lines() -> ListOf:
    """The field for the lines of a new document."""
    return ListOf(fields.Nested(NewLine), least=1, most=LINES_MAX, required=True)
