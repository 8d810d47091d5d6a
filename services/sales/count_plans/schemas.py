"""What goes into and comes out of count plans."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    OneLine,
    PageQuery,
    Percent,
    Schema,
    Total,
    Whole,
)
from services.sales.count_plans.rules import (
    A_PERCENT,
    B_PERCENT,
    DAYS_MAX,
    LINES,
    MOVED_DAYS,
    Basis,
    PlanStatus,
    ValueClass,
)
from services.sales.counts.rules import LINES_MAX

BASES = validate.OneOf(list(Basis))
STATUSES = validate.OneOf(list(PlanStatus))
CLASSES = validate.OneOf(list(ValueClass))

_BASIS = (
    "stock_value: by what lies at the place; moved_value: by what was shipped from there in "
    f"{MOVED_DAYS} days; either at what one costs on average."
)
_A = "What has the most value, up to so many percent of all, is class A."
_B = "What comes next, up to so many percent of all, is class B; all else is C."
_BLIND = "Whether its counts hide what is expected until all is counted."
_LINES = "At most so many products are due on one day, those due the longest first."


def _says(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


def _maybe(description: str, **options: Any) -> dict[str, Any]:
    return _says(description, allow_none=True, **options)


def _days(value_class: str, **options: Any) -> Whole:
    said = f"After so many days class {value_class} is counted again; null: it is not."
    return Whole(least=1, most=DAYS_MAX, allow_none=True, metadata={"description": said}, **options)


class PlanPath(Schema):
    """Names one plan."""

    plan_id = Id("cpl", required=True, metadata={"description": "The plan."})


class NewPlan(Schema):
    """Which products are to be counted how often."""

    name = OneLine(longest=100, required=True, metadata={"description": "What people call it."})
    place_id = Id(
        "pla",
        load_default=None,
        allow_none=True,
        metadata={"description": "Where; null: what lies in no place."},
    )
    basis = fields.String(
        load_default=Basis.STOCK_VALUE, validate=BASES, metadata={"description": _BASIS}
    )
    a_percent = Percent(load_default=A_PERCENT, metadata={"description": _A})
    b_percent = Percent(load_default=B_PERCENT, metadata={"description": _B})
    a_days = _days("A", load_default=None)
    b_days = _days("B", load_default=None)
    c_days = _days("C", load_default=None)
    is_blind = Flag(load_default=False, metadata={"description": _BLIND})
    lines_per_day = Whole(
        least=1, most=LINES_MAX, load_default=LINES, metadata={"description": _LINES}
    )
    starts_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "What was never counted is due from that day on; null: today."},
    )


class EditPlan(PlanPath):
    """What is to be changed; all else stays."""

    name = OneLine(longest=100, metadata={"description": "What people call it."})
    basis = fields.String(validate=BASES, metadata={"description": _BASIS})
    a_percent = Percent(metadata={"description": _A})
    b_percent = Percent(metadata={"description": _B})
    a_days = _days("A")
    b_days = _days("B")
    c_days = _days("C")
    is_blind = Flag(metadata={"description": _BLIND})
    lines_per_day = Whole(least=1, most=LINES_MAX, metadata={"description": _LINES})


class PlanQuery(PageQuery):
    """Which plans to list."""

    status = fields.String(
        load_default=None,
        validate=STATUSES,
        metadata={"description": "Only those that stand there."},
    )


class ClassQuery(PageQuery, PlanPath):
    """Of which plan to list what it counts."""


class DueQuery(PageQuery):
    """What of what waits to be counted to list."""

    place_id = Id("pla", load_default=None, metadata={"description": "Only at this place."})
    plan_id = Id(
        "cpl", load_default=None, metadata={"description": "Only what this plan made due."}
    )


class Plan(Schema):
    """Which products are counted how often."""

    plan_id = Id("cpl", **_says("The plan."))
    name = fields.String(**_says("What people call it."))
    status = fields.String(**_says("Whether it counts.", validate=STATUSES))
    place_id = Id("pla", **_maybe("Where; null: what lies in no place."))
    basis = fields.String(**_says(_BASIS, validate=BASES))
    a_percent = Percent(**_says(_A))
    b_percent = Percent(**_says(_B))
    a_days = Whole(**_maybe("After so many days class A is counted again."))
    b_days = Whole(**_maybe("After so many days class B is counted again."))
    c_days = Whole(**_maybe("After so many days class C is counted again."))
    is_blind = Flag(**_says(_BLIND))
    lines_per_day = Whole(**_says(_LINES))
    starts_on = Day(**_says("What was never counted is due from that day on."))
    parked_on = Day(
        **_maybe("The day on which its counts could not be opened; tomorrow tries again.")
    )
    parked_reason = fields.String(**_maybe("Why."))
    made_at = Instant(**_says("When it was made."))
    made_by = fields.String(**_says("By whom."))
    version = Whole(**_says("Grows with every change; the ETag."))


class ClassedProduct(Schema):
    """A product that a plan counts."""

    product_id = Id("prd", **_says("The product."))
    sku = fields.String(**_says("Its sku."))
    name = fields.String(**_says("Its name."))
    value_class = fields.String(**_says("Its class today.", validate=CLASSES))
    value = Total(**_says("What it is worth by the plan's basis, in minor units."))
    currency = Currency(**_maybe("Of its cost; classes are made in each currency by itself."))
    last_counted_on = Day(**_maybe("When it was counted last; null: never."))
    due_on = Day(**_says("When it is to be counted."))


class DueCount(Schema):
    """A product that waits to be counted. What is expected is not said here."""

    due_on = Day(**_says("Since when it is to be counted."))
    count_id = Id("cnt", **_says("The open count that it is in."))
    number = fields.String(**_says("That count's number."))
    position = Whole(**_says("Its place in the count."))
    line_id = Id("cnl", **_says("Its line in the count."))
    plan_id = Id("cpl", **_maybe("The plan that made it due; null: opened by hand."))
    place_id = Id("pla", **_maybe("Where; null: what lies in no place."))
    is_blind = Flag(**_says("Whether what is expected is hidden until all is counted."))
    note = fields.String(**_maybe("What whoever counts should know."))
    product_id = Id("prd", **_says("The product."))
    sku = fields.String(**_says("Its sku."))
    name = fields.String(**_says("Its name."))
    unit = fields.String(**_says("What is counted of it."))
