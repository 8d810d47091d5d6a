"""What is announced of order exceptions."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Id, Quantity, Schema
from services.sales.events import ACCOUNT, ORDER
from services.sales.order_exceptions.rules import ExceptionKind, Settlement

_EXCEPTION: dict[str, Any] = {
    "account_id": ACCOUNT,
    "exception_id": "oex_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "order_id": ORDER,
    "order_number": "SO-100001",
    "kind": "invoice_voided",
    "about": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
}


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class UndoneLine(Schema):
    """How much of an order line."""

    line_id = Id("orl", required=True)
    quantity = Quantity(required=True)


class _OrderException(AccountEvent):
    """What both events say."""

    exception_id = Id("oex", required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    kind = fields.String(**_told("What was undone.", validate=validate.OneOf([*ExceptionKind])))
    about = fields.String(
        **_told(
            "The shipment cancelled, the invoice voided, or the order of which too much is billed."
        )
    )


class OrderExceptionRaised(_OrderException):
    """A shipment of an order was cancelled, or an invoice for it voided: a person says whether it is
    shipped or billed again, or left. Or more of an order is billed than is agreed by now: it is credited,
    or left."""

    about_number = fields.String(**_told("What people call that."))
    currency = Currency(required=True)
    lines = fields.List(fields.Nested(UndoneLine), **_told("What it is of the order's lines."))

    says = "Order {order_number} waits for a decision: {about_number}, {kind}."
    example: ClassVar[dict[str, Any]] = _EXCEPTION | {
        "about_number": "2026-000123",
        "currency": "EUR",
        "lines": [{"line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw", "quantity": "4"}],
    }


class OrderExceptionSettled(_OrderException):
    """Somebody has said what becomes of what was undone of an order, or nothing of it is billed too much
    any more."""

    settled_as = fields.String(
        **_told(
            "again: it is billed or shipped again; leave: it is not any more, or stays billed; mended: "
            "it was credited, or is agreed after all.",
            validate=validate.OneOf([*Settlement]),
        )
    )
    reason = fields.String(**_told("Why, as somebody wrote it."))
    settled_by = fields.String(required=True)

    says = "Order {order_number}, {settled_as}: {reason}"
    example: ClassVar[dict[str, Any]] = _EXCEPTION | {
        "settled_as": "leave",
        "reason": "The client keeps the chairs for the trouble they had.",
        "settled_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xw",
    }
