"""What is announced of deposits."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor, Percent, Schema


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class OrderedRate(Schema):
    """What is ordered at one rate of tax."""

    tax_percent = Percent(required=True)
    tax_code = fields.String(
        **_told(
            "Null: it follows from the percentage.",
            allow_none=True,
            validate=validate.OneOf(["standard", "reduced", "zero", "reverse_charge"]),
        )
    )
    net = Minor(**_told("The sum of the lines at that rate, without tax.", least=0))


class DepositAsked(AccountEvent):
    """A part of a confirmed order is to be paid before it is supplied; once for its id. Billing bills it
    ahead and takes it off the invoices of the shipments: it answers with `deposit_billed`, or with
    `deposit_refused`."""

    deposit_id = Id("dep", required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    client_order_number = fields.String(
        **_told("What the client calls the order (its `reference`).", allow_none=True)
    )
    currency = Currency(required=True)
    percent = Percent(**_told("How much of what is ordered."))
    ordered = fields.List(
        fields.Nested(OrderedRate), **_told("All that is ordered, each rate once.")
    )

    says = "A deposit of {percent} % is asked for order {order_number}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "deposit_id": "dep_01jd3v4q6ye8z9t5k2m7n0p1xd",
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "order_number": "SO-100001",
        "client_order_number": "PO 4500012345",
        "currency": "EUR",
        "percent": "25.00",
        "ordered": [{"tax_percent": "19.00", "tax_code": None, "net": 28800}],
    }
