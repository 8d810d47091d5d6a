"""Batches of returns, coming in and what became of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.fields import (
    Day,
    EachByItself,
    Flag,
    Id,
    ListOf,
    Minor,
    OneLine,
    Percent,
    Quantity,
    Result,
    Schema,
    Text,
    Whole,
)
from services.sales.return_batches.rules import BATCH_MAX, Outcome
from services.sales.returns.rules import LINES_MAX
from services.sales.returns.schemas import STATUSES, WHY


def _maybe(description: str) -> dict[str, Any]:
    return {"load_default": None, "allow_none": True, "metadata": {"description": description}}


class LineToTake(Schema):
    """How much of an order line comes back, named by its id or its position."""

    line_id = Id("orl", **_maybe("The order line; or give its position."))
    position = Whole(least=1, **_maybe("Its place in the order, from 1; or give its line_id."))
    quantity = Quantity(required=True, metadata={"description": "How many."})
    unit_price = Minor(
        least=0,
        **_maybe("What one is made good for, net, where that is less than it was sold for."),
    )

    @validates_schema
    def name_one_line(self, data: dict[str, Any], **_: Any) -> None:
        if (data["line_id"] is None) == (data["position"] is None):
            raise ValidationError("Give either line_id or position.", "position")


class ReturnToTake(Schema):
    """Goods that are here again, and what is credited for them."""

    external_id = OneLine(
        longest=200,
        **_maybe(
            "What another system calls the return: taken once in an account, however often sent."
        ),
    )
    order_id = Id("ord", **_maybe("By which they were sold; or give for_order_id."))
    for_order_id = Id(
        "ord", **_maybe("The order whose lines below 0 bring them; all that they say comes.")
    )
    lines = ListOf(
        fields.Nested(LineToTake),
        least=1,
        most=LINES_MAX,
        **_maybe(
            "What comes back of order_id; left out, all that was shipped and is not returned."
        ),
    )
    reason = Text(longest=500, required=True, metadata=WHY)
    received_on = Day(
        **_maybe("The day they came, from when they had left to today; left out, today.")
    )
    outcome = fields.String(
        load_default=Outcome.RESTOCKED.value,
        validate=validate.OneOf([str(one) for one in Outcome]),
        metadata={"description": "restocked: on the shelf again; scrapped: thrown away."},
    )
    restocking_fee_percent = Percent(
        load_default=Decimal(0),
        metadata={"description": "Kept back of its net price, rounded half up for each line."},
    )

    example: ClassVar = {
        "external_id": "C536379",
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "lines": [{"position": 2, "quantity": "1"}],
        "reason": "Arrived broken.",
        "received_on": "2026-03-02",
    }


class NewReturnBatch(Schema):
    """Returns whose goods are here."""

    returns = EachByItself(
        fields.Nested(ReturnToTake),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class ReturnResult(Result):
    """What became of one of a batch: done or found; of one that was refused, code and reason."""

    return_id = Id("ret", metadata={"description": "The return, where there is one."})
    number = fields.String(metadata={"description": "Its number."})
    status = fields.String(validate=STATUSES, metadata={"description": "Where it stands now."})
    is_new = Flag(metadata={"description": "Whether it was taken now; else it was before."})


class ReturnBatch(Schema):
    """What became of each of a batch."""

    done = Whole(metadata={"description": "How many were taken now."})
    found = Whole(metadata={"description": "How many were taken before."})
    refused = Whole(metadata={"description": "How many were not taken."})
    results = fields.List(
        fields.Nested(ReturnResult),
        metadata={"description": "One for each that was sent, in their order."},
    )
