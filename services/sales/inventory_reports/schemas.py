"""What goes into and comes out of inventory reports."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.fields import (
    Code,
    Currency,
    Day,
    Decimal,
    Flag,
    Id,
    Instant,
    PageQuery,
    Quantity,
    Schema,
    SignedQuantity,
    Total,
    Whole,
)


def _says(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


def _maybe(description: str, **options: Any) -> dict[str, Any]:
    return _says(description, allow_none=True, **options)


class Month(Code):
    """A month of a year, such as 2026-03."""

    pattern = "(19[0-9]{2}|2[01][0-9]{2}|2200)-(0[1-9]|1[0-2])"
    remedy = "Must be a month from 1900 to 2200, such as 2026-03."
    sample = "2026-03"


class NewReport(Schema):
    """Of which month a report is to be made."""

    month = Month(required=True, metadata={"description": "A month that is over."})


class ReportPath(Schema):
    """Names one report."""

    inventory_report_id = Id("ivr", required=True, metadata={"description": "The report."})


class ReportQuery(PageQuery):
    """Which reports to list."""


class LineQuery(PageQuery, ReportPath):
    """Which lines of a report to list."""

    product_id = Id("prd", load_default=None, metadata={"description": "Only of this product."})
    place_id = Id("pla", load_default=None, metadata={"description": "Only at this place."})


class InventoryValue(Schema):
    """What is in stock in one currency."""

    currency = Currency(**_says("ISO 4217 code; the amounts are in its minor units."))
    value = Total(**_says("What is on hand, at cost."))
    variance_value = Total(**_says("What counts put right in the month, at cost."))


class Report(Schema):
    """What there was at the end of a month; it never changes."""

    inventory_report_id = Id("ivr", **_says("The report."))
    month = Month(**_says("The month."))
    from_on = Day(**_says("Its first day."))
    until_on = Day(**_says("Its last day."))
    known_at = Instant(**_says("What was recorded later stands in the next report."))
    previous_report_id = Id(
        "ivr",
        **_maybe("The report of the month before, with whose end it begins, if there was one."),
    )
    is_by_hand = Flag(**_says("Whether somebody asked for it; else it was made by the day."))
    lines = Whole(**_says("How many lines it has."))
    values = fields.List(fields.Nested(InventoryValue), **_says("Sums by currency."))
    sha256 = fields.String(**_says("Of lines.csv, in hex: as `sha256sum` says it."))
    made_at = Instant(**_says("When it was made."))
    made_by = fields.String(**_says("By whom."))


class Corrected(Schema):
    """What became known of an earlier month, after that was reported."""

    month = Day(**_maybe("Its first day; null: days before those of the first report."))
    quantity = SignedQuantity(**_says("How much more or less there was than reported."))


class InventoryLine(Schema):
    """A product at a place. opening + what moved + corrections = should_be; should_be + variance =
    on_hand, with which the next month begins. What went out is below nothing."""

    position = Whole(**_says("Its place in the report."))
    product_id = Id("prd", **_says("The product."))
    place_id = Id("pla", **_maybe("Where; null: in no place."))
    place = fields.String(**_maybe("That place's code."))
    sku = fields.String(**_says("Its sku."))
    name = fields.String(**_says("Its name, as it was."))
    unit = fields.String(**_says("What is counted of it."))
    opening = SignedQuantity(**_says("On hand at the end of the month before, as reported."))
    receipts = SignedQuantity(**_says("Came from suppliers."))
    shipments = SignedQuantity(**_says("Went to clients."))
    returns = SignedQuantity(**_says("Came back."))
    scrap = SignedQuantity(**_says("Was thrown away."))
    transfers = SignedQuantity(**_says("Came from or went to other places."))
    corrections = SignedQuantity(
        **_says("Became known of earlier months: what `corrected` adds up to.")
    )
    should_be = SignedQuantity(**_says("What the books would say if nobody had counted."))
    variance = SignedQuantity(**_says("What counts put right in the month."))
    on_hand = SignedQuantity(**_says("What there was at the end of the month."))
    unit_cost = Decimal(**_says("What one was worth on average, in minor units."))
    currency = Currency(**_says("Of what it is worth: the product's."))
    value = Total(**_says("What is on hand was worth, by what its moves were worth."))
    variance_value = Total(**_says("What the moves of counts were worth."))
    last_counted = Quantity(**_maybe("What the last count found; null: never counted."))
    last_counted_on = Day(**_maybe("When it was counted last."))
    last_counted_by = fields.String(**_maybe("By whom."))
    last_count = fields.String(**_maybe("That count's number."))
    corrected = fields.List(fields.Nested(Corrected), **_says("Corrections, by month."))
