"""What is announced of returns."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor, Quantity, Schema


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class AcceptedLine(Schema):
    """What of an order line came back and was accepted."""

    line_id = Id("orl", required=True)
    quantity = Quantity(**_told("Restocked or scrapped; not what was rejected."))
    kept_back = Minor(**_told("What is kept back of it, net: a restocking fee.", least=0))


class ReturnAccepted(AccountEvent):
    """Goods came back and were accepted, each return as a whole and once. Billing credits what it billed
    of them, at the net price, discount and tax of then, and leaves unbilled what it did not: it answers
    with `return_settled`, or with `return_refused`. Nothing announces it yet; billing listens already."""

    return_id = Id("ret", required=True)
    number = fields.String(**_told("What people call the return."))
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    currency = Currency(required=True)
    lines = fields.List(fields.Nested(AcceptedLine), **_told("Each order line once."))

    says = "Return {number} of order {order_number} accepted."
    example: ClassVar[dict[str, Any]] = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "return_id": "ret_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "number": "RT-100001",
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "order_number": "SO-100001",
        "currency": "EUR",
        "lines": [{"line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw", "quantity": "2", "kept_back": 216}],
    }
