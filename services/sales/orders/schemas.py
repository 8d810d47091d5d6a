"""What goes into and comes out of orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

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
    Quantity,
    Schema,
    SignedQuantity,
    Text,
    Total,
    Whole,
)
from services.sales.destinations.schemas import (
    ChangedDestination,
    DeliveryAddress,
    GivenDestination,
)
from services.sales.orders.rules import LINES_MAX, BillsOn, OrderStatus, ShipsOn
from services.sales.products.schemas import Sku

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
NOTE = {"description": "What is to be remembered of it."}
PROMISED_ON = {"description": "The day the client was promised it for; today or later."}
RETURNED = {
    "description": "Of a quantity below 0: the line by which the goods were sold that come back. Price, "
    "discount and tax are those of then."
}
STATUSES = validate.OneOf([str(status) for status in OrderStatus])


class NewLine(Schema):
    """A product to be ordered, named by its id or its sku."""

    product_id = Id("prd", metadata={"description": "The product; or give its sku."})
    sku = Sku(metadata={"description": "The product's sku; or give its product_id."})
    quantity = SignedQuantity(
        required=True, metadata={"description": "How many; below 0 for goods that come back."}
    )
    unit_price = Minor(
        least=0,
        metadata={
            "description": "Net price of one before discount, in minor units of the order's currency; "
            "left out, the product's price of this moment."
        },
    )
    discount_percent = Percent(
        load_default=Decimal(0),
        metadata={"description": "Taken off the unit price, which is then rounded half up."},
    )
    promised_on = Day(load_default=None, allow_none=True, metadata=PROMISED_ON)
    note = Text(longest=500, load_default=None, allow_none=True, metadata=NOTE)
    returns_line_id = Id("orl", load_default=None, allow_none=True, metadata=RETURNED)

    example: ClassVar = {"product_id": "prd_01jd3v4q6ye8z9t5k2m7n0p1xw", "quantity": "2"}

    @validates_schema
    def name_one_product(self, data: dict[str, Any], **_: Any) -> None:
        if ("product_id" in data) == ("sku" in data):
            raise ValidationError("Give either product_id or sku.", "sku")


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
        load_default=None, metadata={"description": "Only those drafted on or after this day."}
    )
    ordered_to = Day(
        load_default=None, metadata={"description": "Only those drafted on or before this day."}
    )


class StandingQuery(Schema):
    """Whose standing, and in which currency."""

    account_id = Id("acc", required=True, metadata={"description": "The account."})
    currency = Currency(
        load_default=None, metadata={"description": "Left out, the account's currency."}
    )


class OrderLine(Schema):
    """A line of an order, as it was agreed."""

    line_id = Id("orl", required=True, metadata={"description": "The line."})
    product_id = Id("prd", required=True, metadata={"description": "The product."})
    sku = fields.String(required=True, metadata={"description": "The product's sku."})
    description = fields.String(
        required=True, metadata={"description": "The product's name when the line was made."}
    )
    is_return_line = Flag(
        required=True, metadata={"description": "Goods that come back: quantities are below 0."}
    )
    quantity = SignedQuantity(
        required=True, attribute="quantities.ordered", metadata={"description": "Ordered."}
    )
    shipped = Quantity(
        required=True, attribute="quantities.shipped", metadata={"description": "Shipped so far."}
    )
    cancelled = SignedQuantity(
        required=True, attribute="quantities.cancelled", metadata={"description": "Cancelled."}
    )
    returned = Quantity(
        required=True,
        attribute="quantities.returned",
        metadata={"description": "Of a return line: what came back so far."},
    )
    open = SignedQuantity(
        required=True,
        attribute="quantities.open",
        metadata={"description": "Neither shipped, come back nor cancelled."},
    )
    unit_price = Minor(required=True, metadata={"description": "Net, before discount."})
    discount_percent = Percent(required=True, metadata={"description": "Taken off."})
    net_unit_price = Minor(
        required=True, metadata={"description": "Net, after discount, rounded half up."}
    )
    tax_percent = Percent(required=True, metadata={"description": "The tax added to net."})
    net = Minor(
        required=True,
        metadata={"description": "Quantity ordered times net unit price, rounded half up."},
    )
    promised_on = Day(required=True, allow_none=True, metadata=PROMISED_ON)
    note = fields.String(required=True, allow_none=True, metadata=NOTE)
    returns_line_id = Id("orl", required=True, allow_none=True, metadata=RETURNED)


class OrderSummary(Schema):
    """An order without its lines. Amounts are in minor units of its currency."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    number = fields.String(required=True, metadata={"description": "What people call the order."})
    account_id = Id("acc", required=True, metadata={"description": "Who orders."})
    currency = Currency(required=True, metadata={"description": "Of all its amounts."})
    reference = fields.String(
        required=True, allow_none=True, metadata={"description": "What the client calls it."}
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
    status = fields.String(
        required=True,
        validate=STATUSES,
        metadata={
            "description": "Follows from the quantities: confirmed until something is shipped, "
            "processing until nothing is open, then done; cancelled if nothing was ever shipped."
        },
    )
    ordered_on = Day(required=True, metadata={"description": "The day it was drafted."})
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


class Order(OrderSummary):
    """An order. Amounts are in minor units of its currency."""

    lines = fields.List(
        fields.Nested(OrderLine), required=True, metadata={"description": "What was ordered."}
    )


class Standing(Schema):
    """What the credit check sees of an account in one currency; amounts in minor units."""

    account_id = Id("acc", required=True, metadata={"description": "The account."})
    number = fields.String(required=True, metadata={"description": "The account's number."})
    status = fields.String(
        required=True, metadata={"description": "Only active accounts are supplied."}
    )
    has_credit_hold = Flag(
        required=True, metadata={"description": "Whether collections has stopped the orders."}
    )
    hold_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why; null without a hold."}
    )
    currency = Currency(required=True, metadata={"description": "Of all these amounts."})
    credit_limit = Minor(
        required=True,
        allow_none=True,
        metadata={
            "description": "The limit in this currency; null for none. An account with a limit has "
            "a limit of 0 in every currency but its own."
        },
    )
    open = Total(required=True, metadata={"description": "Items not paid."})
    unapplied = Total(
        required=True, metadata={"description": "Payments and credit notes not allocated."}
    )
    balance = Total(required=True, metadata={"description": "Open less unapplied."})
    open_orders = Total(
        required=True, metadata={"description": "Gross value confirmed and not invoiced yet."}
    )
    exposure = Total(required=True, metadata={"description": "Balance and open orders."})
    available = Total(
        required=True,
        allow_none=True,
        metadata={
            "description": "Limit less exposure, below 0 when overdrawn; null without limit."
        },
    )
