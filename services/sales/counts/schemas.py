"""What goes into and comes out of counts."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.fields import (
    Currency,
    Day,
    Decimal,
    Flag,
    Id,
    Instant,
    ListOf,
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
from kernel import grammar
from services.sales.count_settings.schemas import CostTolerance
from services.sales.counts.rules import LINES_MAX, CountStatus
from services.sales.products.schemas import Sku

STATUSES = validate.OneOf(list(CountStatus))


def _says(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


def _maybe(description: str, **options: Any) -> dict[str, Any]:
    return _says(description, allow_none=True, **options)


class Counted(Quantity):
    """A quantity with up to three decimals; 0 where there is none."""

    pattern, least = rf"0(\.0{{1,3}})?|{grammar.QUANTITY}", 0
    remedy = 'Must be 0 or above, at most 1000000000: text such as "2.5", or a whole number.'


class NamedProduct(Schema):
    """A product, named by its id or its sku."""

    product_id = Id("prd", metadata={"description": "The product; or give its sku."})
    sku = Sku(metadata={"description": "The product's sku; or give its product_id."})

    example: ClassVar[dict[str, Any]] = {"product_id": "prd_01jd3v4q6ye8z9t5k2m7n0p1xw"}

    @validates_schema
    def name_one_product(self, data: dict[str, Any], **_: Any) -> None:
        if ("product_id" in data) == ("sku" in data):
            raise ValidationError("Give either product_id or sku.", "sku")


class CountedProduct(NamedProduct):
    """How much of a product is on the shelf."""

    quantity = Counted(required=True, metadata={"description": "How much; 0 where there is none."})

    example: ClassVar[dict[str, Any]] = {**NamedProduct.example, "quantity": "19"}


class CountPath(Schema):
    """Names one count."""

    count_id = Id("cnt", required=True, metadata={"description": "The count."})


class NewCount(Schema):
    """A count to be opened."""

    lines = ListOf(
        fields.Nested(NamedProduct),
        least=1,
        most=LINES_MAX,
        load_default=None,
        allow_none=True,
        metadata={
            "description": f"What is to be counted, 1 to {LINES_MAX} products; null: all on sale that "
            "are kept in stock."
        },
    )
    place_id = Id(
        "pla",
        load_default=None,
        allow_none=True,
        metadata={"description": "Where; null: what lies in no place."},
    )
    is_blind = Flag(
        load_default=False,
        metadata={"description": "Whether what is expected is hidden until all is counted."},
    )
    note = OneLine(
        longest=200,
        load_default=None,
        allow_none=True,
        metadata={"description": "What whoever counts should know."},
    )


class AddProducts(CountPath):
    """What is to be counted too."""

    lines = ListOf(
        fields.Nested(NamedProduct),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "Products that the count does not have yet."},
    )


class EnterQuantities(CountPath):
    """What was counted."""

    lines = ListOf(
        fields.Nested(CountedProduct),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "Products of the count, and how much there is of each."},
    )


class Recount(CountPath):
    """What is to be counted again."""

    lines = ListOf(
        fields.Nested(NamedProduct),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "Products of the count."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why."})


class Reasoned(CountPath):
    """Why a count is approved or given up."""

    reason = Text(required=True, longest=500, metadata={"description": "Why."})


class CountQuery(PageQuery):
    """Which counts to list."""

    status = fields.String(
        load_default=None,
        validate=STATUSES,
        metadata={"description": "Only those that stand there."},
    )
    place_id = Id("pla", load_default=None, metadata={"description": "Only those of this place."})
    plan_id = Id("cpl", load_default=None, metadata={"description": "Only those of this plan."})


class EntryQuery(PageQuery, CountPath):
    """Whose entries to list."""


class CountSummary(Schema):
    """A count without its lines."""

    count_id = Id("cnt", **_says("The count."))
    number = fields.String(**_says("Its number, such as CT-100001."))
    status = fields.String(**_says("Where it stands.", validate=STATUSES))
    place_id = Id("pla", **_maybe("Where; null: what lies in no place."))
    plan_id = Id("cpl", **_maybe("The plan that made it due; null: opened by hand."))
    is_blind = Flag(**_says("Whether what is expected is hidden while it is open."))
    note = fields.String(**_maybe("What whoever counts should know."))
    tolerance_percent = Percent(**_says("What a line may be off, of what is expected."))
    opened_on = Day(**_says("The day it was opened."))
    opened_at = Instant(**_says("When it was opened."))
    opened_by = fields.String(**_says("Who opened it."))
    counted_at = Instant(**_maybe("When all was counted."))
    approved_at = Instant(**_maybe("When it was approved, if it was."))
    approved_by = fields.String(**_maybe("Who approved it."))
    approval_reason = fields.String(**_maybe("Why."))
    posted_on = Day(**_maybe("The day of its moves."))
    posted_at = Instant(**_maybe("When it was posted."))
    posted_by = fields.String(**_maybe("Who posted it."))
    cancelled_at = Instant(**_maybe("When it was given up."))
    cancelled_by = fields.String(**_maybe("Who gave it up."))
    cancel_reason = fields.String(**_maybe("Why."))
    version = Whole(**_says("Grows with every change; the ETag."))


_HIDDEN = "Null while it is hidden"


class CountLine(Schema):
    """A product of a count. What is expected, and all that follows from it, is null in an open blind
    count, and what is off until a quantity is entered."""

    line_id = Id("cnl", **_says("The line."))
    position = Whole(**_says("Its place in the count."))
    product_id = Id("prd", **_says("The product."))
    sku = fields.String(**_says("Its sku."))
    name = fields.String(**_says("Its name."))
    unit = fields.String(**_says("What is counted of it."))
    due_on = Day(**_says("Since when it is to be counted."))
    value_class = fields.String(**_maybe(f"A, B or C in its plan. {_HIDDEN}, or by hand."))
    counted = Quantity(**_maybe("What is on the shelf; null: to be counted."))
    counted_at = Instant(**_maybe("When that was entered."))
    counted_by = fields.String(**_maybe("Who has counted it."))
    recount_reason = fields.String(**_maybe(f"Why it was to be counted again. {_HIDDEN}."))
    expected = SignedQuantity(**_maybe(f"On hand now, or when the count was posted. {_HIDDEN}."))
    moved_since = SignedQuantity(**_maybe(f"What of that moved after it was counted. {_HIDDEN}."))
    variance = SignedQuantity(
        **_maybe("counted + moved_since - expected: what is moved when the count is posted.")
    )
    variance_share = Decimal(**_maybe("variance / expected; null where nothing is expected."))
    quantity_ratio = Decimal(
        **_maybe("That without its sign / tolerance: above 1 is beyond. Null: beyond, by nothing.")
    )
    unit_cost = Decimal(**_maybe(f"What one costs on average, in minor units. {_HIDDEN}."))
    currency = Currency(**_maybe(f"Of the cost. {_HIDDEN}, or where there is none."))
    variance_cost = Total(**_maybe("The variance at cost, in minor units."))
    cost_ratio = Decimal(
        **_maybe("That without its sign / tolerance: above 1 is beyond. Null: nothing may be off.")
    )
    needs_approval = Flag(**_maybe("Whether it is beyond a tolerance."))
    is_approved = Flag(**_maybe("Whether what is off was approved as it is."))


class Count(CountSummary):
    """A count with its lines."""

    cost_tolerances = fields.List(
        fields.Nested(CostTolerance), **_says("What a line may be off at cost, by currency.")
    )
    needs_approval = Flag(**_maybe("Whether a line is beyond a tolerance; null while it is open."))
    lines = fields.List(fields.Nested(CountLine), **_says("What is counted."))


class CountEntry(Schema):
    """A quantity that somebody entered, first or again."""

    entry_id = Id("cne", **_says("The entry."))
    line_id = Id("cnl", **_says("The line of the count."))
    counted = Quantity(**_says("What was on the shelf."))
    counted_at = Instant(**_says("When it was entered."))
    counted_by = fields.String(**_says("Who has counted."))
