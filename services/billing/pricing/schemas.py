"""Lines of documents and their totals by rate of tax, coming in and going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Id, ListOf, Minor, Percent, Schema, SignedQuantity, Text, Whole

LINES_MAX = 500


class NewLine(Schema):
    """What is demanded or credited for what. A line's net is quantity × unit price, rounded half up;
    tax is taken per rate on the document's net at that rate, rounded half up once. A quantity below 0
    takes something off; the document as a whole comes to more than nothing."""

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
    """What a document comes to at one rate of tax."""

    tax_percent = Percent(metadata={"description": "Rate of tax."})
    net = Minor(metadata={"description": "Without tax."})
    tax = Minor(
        metadata={
            "description": "net × tax_percent, rounded half up; less the tax that was billed ahead, "
            "where that is taken off."
        }
    )


def new_lines() -> ListOf:
    """The field for the lines of a new document."""
    return ListOf(fields.Nested(NewLine), least=1, most=LINES_MAX, required=True)
