"""What goes into and comes out of promises."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Day, Id, ListOf, PageQuery, Percent, Quantity, Schema, Text, Whole
from services.sales.orders.rules import LINES_MAX
from services.sales.promises.rules import PromiseState

STATE = validate.OneOf([str(state) for state in PromiseState])
FROM = {"description": "Promises for this day or later."}
TO = {"description": "Promises for this day or before."}


class NewPromise(Schema):
    """By when a line is promised."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    promised_on = Day(required=True, metadata={"description": "The day, today or later."})


class MovePromises(Schema):
    """By when lines of an order are promised now, and why."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    lines = ListOf(
        fields.Nested(NewPromise),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "The lines, each once."},
    )
    reason = Text(
        longest=500, required=True, metadata={"description": "Why, as the client is told."}
    )


class BackOrderQuery(PageQuery):
    """Which back-orders to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    product_id = Id("prd", load_default=None, metadata={"description": "Only of this product."})
    promised_before = Day(
        load_default=None, metadata={"description": "Only what is promised for a day before."}
    )


class _Line(Schema):
    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    order_id = Id("ord", required=True, metadata={"description": "The order."})
    number = fields.String(required=True, metadata={"description": "The order's number."})
    line_id = Id("orl", required=True, metadata={"description": "The line."})
    position = Whole(required=True, metadata={"description": "Its place on the order."})
    sku = fields.String(required=True, metadata={"description": "The product's sku."})
    description = fields.String(required=True, metadata={"description": "The product's name."})
    ordered = Quantity(required=True, metadata={"description": "Ordered."})
    shipped = Quantity(required=True, metadata={"description": "Shipped so far."})
    first_promised_on = Day(
        required=True, allow_none=True, metadata={"description": "What it was promised for first."}
    )
    promised_on = Day(
        required=True, allow_none=True, metadata={"description": "What it is promised for now."}
    )


class BackOrder(_Line):
    """An order line of which something has left and something is open."""

    product_id = Id("prd", required=True, metadata={"description": "The product."})
    short = Quantity(required=True, metadata={"description": "What is open."})
    short_since = Day(
        required=True, metadata={"description": "The day the last shipment left without it."}
    )


class Period(Schema):
    """For which days something was promised, and to whom."""

    promised_from = Day(required=True, metadata=FROM)
    promised_to = Day(required=True, metadata=TO)
    account_id = Id("acc", load_default=None, metadata={"description": "Only to this account."})


class Figures(Schema):
    """How many lines were promised for days of the period, and what became of it."""

    promised = Whole(required=True, metadata={"description": "All of them."})
    kept = Whole(required=True, metadata={"description": "All of it left on the day or before it."})
    late = Whole(
        required=True, metadata={"description": "Something left later, or has not left yet."}
    )
    waiting = Whole(
        required=True, metadata={"description": "Not all has left, and the day is not over."}
    )
    rate = Percent(
        required=True,
        allow_none=True,
        metadata={"description": "Kept, of those kept and late; null without any."},
    )


class KeptPromises(Schema):
    """How many promises were kept in a period; lines that were cancelled unshipped count nowhere."""

    promised_from = Day(required=True, metadata=FROM)
    promised_to = Day(required=True, metadata=TO)
    account_id = Id("acc", required=True, allow_none=True, metadata={"description": "Only to it."})
    first = fields.Nested(
        Figures, required=True, metadata={"description": "By what was promised first."}
    )
    last = fields.Nested(
        Figures, required=True, metadata={"description": "By what was promised last."}
    )


class PromiseQuery(Period, PageQuery):
    """Which promised lines to list."""

    state = fields.String(
        load_default=None, validate=STATE, metadata={"description": "Only those that stand so."}
    )


class PromisedLine(_Line):
    """An order line that was promised for a day, and what became of it."""

    shipped_on = Day(
        required=True, allow_none=True, metadata={"description": "The day all of it had left."}
    )
    state = fields.String(
        required=True, validate=STATE, metadata={"description": "By what was promised first."}
    )
