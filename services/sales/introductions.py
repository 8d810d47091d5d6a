"""What sales tells of how things are, to one listener that does not know them so."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Flag, Id, Whole
from services.sales.events import ACCOUNT, ORDER


class OrderIntroduced(AccountEvent):
    """An order as it is, for one listener that does not know it so."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True)
    currency = Currency(required=True)
    is_ended = Flag(
        required=True, metadata={"description": "Whether nothing is left to be shipped of it."}
    )

    key = ("order_id",)
    compared = ("is_ended",)  # its version grows with what nobody hears of, too
    says = "Order {number}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "number": "SO-100001",
        "version": 2,
        "currency": "EUR",
        "is_ended": False,
    }
