"""What goes into and comes out of returns."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Quantity,
    Schema,
    Text,
    Whole,
)
from services.sales.returns.rules import LINES_MAX, Resolution, ReturnStatus, WaitsFor

STATUSES = validate.OneOf([str(status) for status in ReturnStatus])
WAITS = validate.OneOf([str(one) for one in WaitsFor])
RESOLUTIONS = validate.OneOf([str(one) for one in Resolution])
WAITS_FOR = {
    "description": "authorisation, goods, inspection, answer (credit or replace what was accepted), "
    "billing (it was asked to credit), credit_by_hand (it could not: credit notes that name the return), "
    "replacement."
}
RESOLUTION = {"description": "What the client wants for it: credit, or replacement."}
WHY = {"description": "Why, as it is to be remembered."}


class ReturnPath(Schema):
    """Names one return."""

    return_id = Id("ret", required=True, metadata={"description": "The return."})


class LineToReturn(Schema):
    """How much of an order line."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    quantity = Quantity(required=True, metadata={"description": "How many."})


def lines_to_return(description: str, **options: object) -> ListOf:
    """The lines of a return that something is done with."""
    return ListOf(
        fields.Nested(LineToReturn),
        least=1,
        most=LINES_MAX,
        metadata={"description": description},
        **options,
    )


class RequestReturn(Schema):
    """What a client wants to send back of an order."""

    order_id = Id("ord", required=True, metadata={"description": "By which it was sold."})
    lines = lines_to_return(
        "What is to come back: at most what was shipped and is not returned.", required=True
    )
    resolution = fields.String(
        load_default=str(Resolution.CREDIT), validate=RESOLUTIONS, metadata=RESOLUTION
    )
    reason = Text(longest=500, required=True, metadata={"description": "Why, as they say."})


class AuthoriseReturn(ReturnPath):
    """How long the goods are waited for."""

    expires_on = Day(
        load_default=None,
        metadata={
            "description": "The last day; left out, as many days from now as return settings say."
        },
    )
    note = Text(longest=500, load_default=None, metadata={"description": "What is to be known."})


class ExplainReturn(ReturnPath):
    """Why something is done."""

    reason = Text(longest=500, required=True, metadata=WHY)


class SendReturn(ReturnPath):
    """How the client sent it."""

    sent_on = Day(
        load_default=None,
        metadata={
            "description": "The day, from when the goods had left to today; left out, today."
        },
    )
    carrier = OneLine(longest=100, load_default=None, metadata={"description": "Who brings it."})
    tracking_number = OneLine(
        longest=100, load_default=None, metadata={"description": "The carrier's number."}
    )


class ReturnQuery(PageQuery):
    """Which returns to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    order_id = Id("ord", load_default=None, metadata={"description": "Only this order's."})
    status = fields.String(
        load_default=None, validate=STATUSES, metadata={"description": "Only those that stand so."}
    )
    waits_for = fields.String(load_default=None, validate=WAITS, metadata=WAITS_FOR)


class ReturnSummary(ReturnPath):
    """A return without its lines."""

    number = fields.String(required=True, metadata={"description": "What people call it."})
    account_id = Id("acc", required=True, metadata={"description": "Whose goods they were."})
    order_id = Id("ord", required=True, metadata={"description": "By which they were sold."})
    order_number = fields.String(required=True, metadata={"description": "The order's number."})
    currency = Currency(required=True, metadata={"description": "Of the order."})
    remedy_id = Id(
        "rem",
        required=True,
        allow_none=True,
        metadata={"description": "The remedy it carries out, if any."},
    )
    for_order_id = Id(
        "ord",
        required=True,
        allow_none=True,
        metadata={"description": "The order whose lines below 0 opened it, if any."},
    )
    external_id = fields.String(
        required=True, allow_none=True, metadata={"description": "What another system calls it."}
    )
    resolution = fields.String(required=True, validate=RESOLUTIONS, metadata=RESOLUTION)
    reason = fields.String(required=True, metadata={"description": "Why it comes back."})
    status = fields.String(
        required=True,
        validate=STATUSES,
        metadata={
            "description": "Once something came, as the quantities say: received while some of it is not "
            "inspected; inspected while more is waited for, or something accepted is not answered; then "
            "credited, replaced, or refused where nothing was accepted."
        },
    )
    waits_for = fields.String(required=True, allow_none=True, validate=WAITS, metadata=WAITS_FOR)
    waits_since = Instant(required=True, allow_none=True, metadata={"description": "Since when."})
    expires_on = Day(
        required=True,
        allow_none=True,
        metadata={
            "description": "The last day on which it is decided or, once authorised, the goods are "
            "waited for."
        },
    )
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "Why billing does not credit it."}
    )
    requested_on = Day(required=True, metadata={"description": "The day it was asked for."})
    requested_at = Instant(required=True, metadata={"description": "When."})
    requested_by = fields.String(required=True, metadata={"description": "By whom."})
    ended_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was over."}
    )
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})


def _quantity(name: str, description: str) -> Quantity:
    return Quantity(
        required=True, attribute=f"quantities.{name}", metadata={"description": description}
    )


class ReturnLine(Schema):
    """What of an order line comes back. restocked + scrapped + rejected is what was inspected."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    sku = fields.String(
        required=True, attribute="order_line.sku", metadata={"description": "The product's sku."}
    )
    description = fields.String(
        required=True,
        attribute="order_line.description",
        metadata={"description": "The product's name when it was ordered."},
    )
    for_line_id = Id(
        "orl",
        required=True,
        allow_none=True,
        metadata={"description": "The line below nothing that it is for, if any."},
    )
    is_unsold = Flag(
        required=True,
        metadata={
            "description": "Whether no order had sold it: it is credited by the line's own price."
        },
    )
    net_unit_price = Minor(
        required=True,
        attribute="order_line.net_unit_price",
        metadata={"description": "What one was sold for, net, after discount."},
    )
    unit_price = Minor(
        required=True,
        allow_none=True,
        metadata={"description": "What one is made good for, where that is less."},
    )
    quantity = _quantity("asked", "Asked to come back.")
    outstanding = _quantity("outstanding", "Waited for.")
    received = _quantity("received", "Come back.")
    restocked = _quantity("restocked", "On the shelf again.")
    scrapped = _quantity("scrapped", "Accepted, and thrown away.")
    rejected = _quantity("rejected", "Not accepted: the client's again.")
    credited = _quantity("credited", "Credited.")
    replaced = _quantity("replaced", "Replaced.")


class Return(ReturnSummary):
    """A return with its lines."""

    carrier = fields.String(
        required=True, allow_none=True, metadata={"description": "Who brings it."}
    )
    tracking_number = fields.String(
        required=True, allow_none=True, metadata={"description": "The carrier's number."}
    )
    sent_on = Day(
        required=True, allow_none=True, metadata={"description": "The day the client sent it."}
    )
    is_partly_returned = Flag(
        required=True,
        metadata={"description": "Whether some of it is here, and more is waited for."},
    )
    lines = fields.List(
        fields.Nested(ReturnLine), required=True, metadata={"description": "What comes back."}
    )
