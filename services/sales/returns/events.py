"""What is announced of returns."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Minor, Percent, Quantity, Schema, Whole


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class UnsoldGoods(Schema):
    """What is credited for goods that no order of ours had sold before."""

    description = fields.String(required=True)
    unit_price = Minor(**_told("Net price of one.", least=0))
    tax_percent = Percent(required=True)


class AcceptedLine(Schema):
    """What of an order line came back and was accepted, or stays with the client for less."""

    line_id = Id("orl", required=True)
    quantity = Quantity(**_told("Restocked or scrapped; not what was rejected."))
    kept_back = Minor(**_told("What is kept back of it, net: a restocking fee.", least=0))
    lowered_by = Minor(
        **_told(
            "Null: it came back. Else it stays with the client, and the price of each is to be so much "
            "less, net.",
            allow_none=True,
            dump_default=None,
            least=0,
        )
    )
    unsold = fields.Nested(
        UnsoldGoods,
        **_told(
            "Null: the order line was shipped, and is credited as it was billed. Else it is a line below "
            "nothing of goods that no order had sold, to be credited so.",
            allow_none=True,
            dump_default=None,
        ),
    )


class ReturnAccepted(AccountEvent):
    """Goods came back and were accepted: a return, or a part of one that comes back in several, each part
    once. Billing credits what it billed of them, at the net price, discount and tax of then, and leaves
    unbilled what it did not: it answers each part with `return_settled`, or with `return_refused`."""

    return_id = Id("ret", required=True)
    part = Whole(**_told("Which part of the return, from 1.", dump_default=1))
    number = fields.String(**_told("What people call the return."))
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    currency = Currency(required=True)
    lines = fields.List(fields.Nested(AcceptedLine), **_told("Each order line once."))

    says = "Return {number} of order {order_number} accepted."
    example: ClassVar[dict[str, Any]] = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "return_id": "ret_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "part": 1,
        "number": "RT-100001",
        "order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "order_number": "SO-100001",
        "currency": "EUR",
        "lines": [
            {
                "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "quantity": "2",
                "kept_back": 216,
                "lowered_by": None,
                "unsold": None,
            }
        ],
    }
