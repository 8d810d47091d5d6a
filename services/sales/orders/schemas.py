"""What goes into and comes out of orders."""

from __future__ import annotations

from typing import ClassVar

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
    Percent,
    Schema,
    SignedQuantity,
    Text,
    Whole,
)
from services.sales.destinations.schemas import (
    ChangedDestination,
    DeliveryAddress,
    GivenDestination,
)
from services.sales.order_lines.schemas import NOTE, PROMISED_ON, NewLine, OrderLine
from services.sales.orders.rules import LINES_MAX, BillsOn, OrderStatus, ShipsOn

BILLED_APART = {
    "description": "Whether its shipments are invoiced by themselves although the account is billed "
    "monthly."
}
BILLS_ON = {
    "description": "When it is billed: as a whole when it is confirmed (order), or with each shipment."
}
SHIPS_ON = {
    "description": "When its goods may leave: as they are there (order), or as they are paid for "
    "(payment), which needs bills_on order."
}
DEPOSIT = {
    "description": "How much of it the client pays before it is supplied, above 0; null for nothing."
}
STATUSES = validate.OneOf([str(status) for status in OrderStatus])


class OrderPath(Schema):
    """Names one order."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})


class LinePath(OrderPath):
    """Names one line of an order."""

    line_id = Id("orl", required=True, metadata={"description": "The line."})


class NewOrder(GivenDestination):
    """An order to be drafted."""

    account_id = Id("acc", required=True, metadata={"description": "Who orders."})
    currency = Currency(
        load_default=None,
        metadata={"description": "The order's currency; left out, the account's."},
    )
    reference = OneLine(
        longest=100,
        load_default=None,
        metadata={"description": "What the client calls the order (purchase order number)."},
    )
    is_billed_apart = Flag(load_default=False, metadata=BILLED_APART)
    note = Text(longest=2000, load_default=None, allow_none=True, metadata=NOTE)
    bills_on = fields.Enum(BillsOn, by_value=True, load_default=BillsOn.SHIPMENT, metadata=BILLS_ON)
    ships_on = fields.Enum(ShipsOn, by_value=True, load_default=ShipsOn.ORDER, metadata=SHIPS_ON)
    deposit_percent = Percent(load_default=None, allow_none=True, metadata=DEPOSIT)
    external_id = OneLine(
        longest=200,
        load_default=None,
        metadata={
            "description": "What you call it, once in an account: the same order again under it is not "
            "drafted again, and answered as it is now; another one is refused."
        },
    )
    ordered_on = Day(
        load_default=None,
        metadata={"description": "The day it counts for, not in the future; left out, today."},
    )
    lines = ListOf(
        fields.Nested(NewLine),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": f"What is ordered, 1 to {LINES_MAX} lines."},
    )


class EditOrder(OrderPath, ChangedDestination):
    """What is to be changed; all else stays."""

    reference = OneLine(
        longest=100,
        allow_none=True,
        metadata={"description": "What the client calls the order; null for nothing."},
    )
    is_billed_apart = Flag(metadata=BILLED_APART)
    note = Text(longest=2000, allow_none=True, metadata=NOTE)
    bills_on = fields.Enum(BillsOn, by_value=True, metadata=BILLS_ON)
    ships_on = fields.Enum(ShipsOn, by_value=True, metadata=SHIPS_ON)
    deposit_percent = Percent(allow_none=True, metadata=DEPOSIT)

    example: ClassVar = {"reference": "PO 4500012345", "note": "Ring at gate 3."}


class AddLines(OrderPath):
    """Lines to be added to a draft."""

    lines = ListOf(
        fields.Nested(NewLine),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "What is ordered in addition."},
    )


class ChangeLine(LinePath):
    """What is to be changed on the line; all else stays."""

    quantity = SignedQuantity(
        metadata={"description": "How many; what goes out stays above 0, what comes back below."}
    )
    unit_price = Minor(
        least=0, metadata={"description": "Net price of one before discount, in minor units."}
    )
    discount_percent = Percent(metadata={"description": "Taken off the unit price; 0 for none."})
    promised_on = Day(allow_none=True, metadata=PROMISED_ON)
    note = Text(longest=500, allow_none=True, metadata=NOTE)


class CancelOrder(OrderPath):
    """Why an order is cancelled."""

    reason = Text(
        longest=500, required=True, metadata={"description": "Why, as it is to be remembered."}
    )


class OrderQuery(PageQuery):
    """Which orders to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.String(
        load_default=None, validate=STATUSES, metadata={"description": "Only those of this status."}
    )
    ordered_from = Day(
        load_default=None, metadata={"description": "Only those ordered on or after this day."}
    )
    ordered_to = Day(
        load_default=None, metadata={"description": "Only those ordered on or before this day."}
    )


class OrderSummary(Schema):
    """An order without its lines. Amounts are in minor units of its currency."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    number = fields.String(required=True, metadata={"description": "What people call the order."})
    account_id = Id("acc", required=True, metadata={"description": "Who orders."})
    currency = Currency(required=True, metadata={"description": "Of all its amounts."})
    reference = fields.String(
        required=True, allow_none=True, metadata={"description": "What the client calls it."}
    )
    external_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What the system that sent it calls it, once in an account."},
    )
    is_billed_apart = Flag(required=True, metadata=BILLED_APART)
    bills_on = fields.String(required=True, validate=validate.OneOf([*BillsOn]), metadata=BILLS_ON)
    ships_on = fields.String(required=True, validate=validate.OneOf([*ShipsOn]), metadata=SHIPS_ON)
    deposit_percent = Percent(required=True, allow_none=True, metadata=DEPOSIT)
    delivery_address = fields.Nested(
        DeliveryAddress,
        required=True,
        allow_none=True,
        metadata={"description": "Where its goods go."},
    )
    delivery_contact_id = Id(
        "con", required=True, allow_none=True, metadata={"description": "Who takes the goods in."}
    )
    delivery_contact = fields.String(
        required=True, allow_none=True, metadata={"description": "Their name, as it was then."}
    )
    note = fields.String(required=True, allow_none=True, metadata=NOTE)
    replaces_return_id = Id(
        "ret",
        required=True,
        allow_none=True,
        metadata={"description": "The return in whose place its goods are sent, for nothing."},
    )
    status = fields.String(
        required=True,
        validate=STATUSES,
        metadata={
            "description": "Follows from the quantities: confirmed until something is shipped, "
            "processing until nothing is open, then done; cancelled if nothing was ever shipped."
        },
    )
    ordered_on = Day(
        required=True,
        metadata={"description": "The day it counts for: it was drafted, or said so."},
    )
    total_net = Minor(required=True, metadata={"description": "The sum of its lines, as ordered."})
    total_tax = Minor(
        required=True, metadata={"description": "Per tax rate on the rate's net, rounded half up."}
    )
    total_gross = Minor(required=True, metadata={"description": "Net and tax."})
    open_gross = Minor(
        required=True,
        metadata={
            "description": "Gross value of what is confirmed, not shipped, not cancelled; what is to "
            "come back takes nothing off it."
        },
    )
    created_at = Instant(required=True, metadata={"description": "When it was drafted."})
    created_by = fields.String(required=True, metadata={"description": "By whom."})
    confirmed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was agreed to."}
    )
    confirmed_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom."}
    )
    cancelled_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When the open rest was cancelled."},
    )
    cancelled_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom."}
    )
    cancel_reason = fields.String(required=True, allow_none=True, metadata={"description": "Why."})
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})


class Warned(Schema):
    """Something to be known of an order that nothing is refused for."""

    code = fields.String(
        required=True,
        metadata={
            "description": "For programs: same_in_draft, product_retired, price_kept; more may come."
        },
    )
    detail = fields.String(required=True, metadata={"description": "In a sentence."})
    order_id = Id(
        "ord", required=True, allow_none=True, metadata={"description": "The other order, if any."}
    )
    number = fields.String(
        required=True, allow_none=True, metadata={"description": "What people call that."}
    )


class Order(OrderSummary):
    """An order. Amounts are in minor units of its currency."""

    warnings = fields.List(
        fields.Nested(Warned),
        required=True,
        metadata={
            "description": "What is to be known of it, of drafts; nothing is refused for it."
        },
    )
    lines = fields.List(
        fields.Nested(OrderLine), required=True, metadata={"description": "What was ordered."}
    )
