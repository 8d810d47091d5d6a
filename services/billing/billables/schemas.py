"""What is to be billed, going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    Minor,
    PageQuery,
    Percent,
    Schema,
    SignedQuantity,
)
from services.billing.billables.rules import BillableKind
from services.billing.pricing.schemas import exemption_reason, tax_code


class BillableQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    is_pending = Flag(
        load_default=None,
        metadata={"description": "Only what is to be billed still, or only what is not."},
    )


class Billable(Schema):
    """What is to be billed: quantity = pending + billed + cancelled. Below 0 it is taken off the next
    bill."""

    billable_id = Id("bil", metadata={"description": "What is to be billed."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    kind = fields.String(
        validate=validate.OneOf(list(BillableKind)),
        metadata={"description": "Of a charge, or of what was shipped."},
    )
    charge_id = Id("chg", allow_none=True, metadata={"description": "The charge, if it is of one."})
    shipment_id = Id("shp", allow_none=True, metadata={"description": "The shipment, if any."})
    order_id = Id("ord", allow_none=True, metadata={"description": "The order, if any."})
    order_line_id = Id("orl", allow_none=True, metadata={"description": "Its line, where known."})
    client_order_number = fields.String(
        allow_none=True, metadata={"description": "What the client calls the order it is for."}
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; `unit_price` is in its minor units."}
    )
    description = fields.String(metadata={"description": "What for."})
    quantity = SignedQuantity(metadata={"description": "How many; up to three decimals."})
    unit_price = Minor(metadata={"description": "Net price of one."})
    tax_percent = Percent(metadata={"description": "Rate of tax."})
    tax_code = tax_code()
    exemption_reason = exemption_reason()
    service_from = Day(allow_none=True, metadata={"description": "The first day of the service."})
    service_until = Day(allow_none=True, metadata={"description": "Its last day."})
    bill_on = Day(metadata={"description": "From which day on it may be billed."})
    cancelled = SignedQuantity(
        metadata={"description": "What is not to be billed any more: returned, or changed."}
    )
    billed = SignedQuantity(metadata={"description": "What is on invoices that are not void."})
    pending = SignedQuantity(metadata={"description": "What is to be billed still."})
    recorded_at = Instant(metadata={"description": "When we learned of it."})
