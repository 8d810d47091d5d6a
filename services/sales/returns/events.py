"""What is announced of returns. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Percent, Quantity, Schema, Whole
from services.sales.events import ACCOUNT, ORDER

LINE = "orl_01jd3v4q6ye8z9t5k2m7n0p1xw"
_REMEDY: dict[str, Any] = {"account_id": ACCOUNT, "remedy_id": "rem_01jd3v4q6ye8z9t5k2m7n0p1xw"}
_RETURN: dict[str, Any] = {
    "account_id": ACCOUNT,
    "return_id": "ret_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "number": "RT-100001",
    "order_id": ORDER,
    "order_number": "SO-100001",
}


def _told(description: str, **options: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": description}, **options}


class RemedyRefused(AccountEvent):
    """A remedy that accounts granted (`remedy_granted`, kind return or replacement) cannot be had; the
    case is proposed again. Sales answers each such remedy once, with this, a return or an order that
    names it."""

    remedy_id = Id("rem", required=True)
    code = fields.String(**_told("The refusal, for programs, such as more_than_shipped."))
    reason = fields.String(**_told("Why, in a sentence that says what is possible."))

    says = "Remedy refused: {reason}"
    example: ClassVar[dict[str, Any]] = _REMEDY | {
        "code": "out_of_stock",
        "reason": "LAMP-7 is not made any more; a credit is possible.",
    }


class ReplacementOrdered(AccountEvent):
    """Goods are sent in place of others, and not billed."""

    order_id = Id("ord", required=True)
    remedy_id = Id("rem", required=True, metadata={"description": "The remedy it carries out."})

    says = "Replacement ordered."
    example: ClassVar[dict[str, Any]] = _REMEDY | {"order_id": ORDER}


class _ReturnEvent(AccountEvent):
    """What every event of a return says."""

    return_id = Id("ret", required=True)
    number = fields.String(**_told("What people call the return."))
    order_id = Id("ord", **_told("By which the goods were sold."))
    order_number = fields.String(required=True)


class AskedLine(Schema):
    """How much of an order line is to come back."""

    line_id = Id("orl", required=True)
    quantity = Quantity(required=True)


_ASKED: dict[str, Any] = _RETURN | {"lines": [{"line_id": LINE, "quantity": "3"}]}


class ReturnRequested(_ReturnEvent):
    """A client wants to send goods back; somebody is to authorise or decline it."""

    reason = fields.String(**_told("Why, as they say."))
    lines = fields.List(fields.Nested(AskedLine), required=True)

    says = "Return {number} of order {order_number} requested: {reason}"
    example: ClassVar[dict[str, Any]] = _ASKED | {"reason": "The chairs are too low."}


class ReturnAuthorised(AccountEvent):
    """Goods may come back."""

    return_id = Id("ret", required=True)
    remedy_id = Id("rem", **_told("The remedy that it carries out, if any.", allow_none=True))
    number = fields.String(
        **_told("What people call the return.", allow_none=True, dump_default=None)
    )
    order_id = Id(
        "ord", **_told("By which the goods were sold.", allow_none=True, dump_default=None)
    )
    expires_on = Day(
        **_told("The last day on which they are waited for.", allow_none=True, dump_default=None)
    )
    lines = fields.List(fields.Nested(AskedLine), **_told("What may come back.", dump_default=list))

    says = "Return authorised."
    example: ClassVar[dict[str, Any]] = {
        **_REMEDY,
        "return_id": "ret_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "number": "RT-100001",
        "order_id": ORDER,
        "expires_on": "2026-03-31",
        "lines": [{"line_id": LINE, "quantity": "3"}],
    }


class ReturnDeclined(_ReturnEvent):
    """Goods may not come back."""

    reason = fields.String(**_told("Why, as somebody wrote it."))

    says = "Return {number} of order {order_number} declined: {reason}"
    example: ClassVar[dict[str, Any]] = _RETURN | {"reason": "Made to measure."}


class ReturnExpired(_ReturnEvent):
    """Nobody decided a return in time, or the goods were not sent."""

    says = "Return {number} of order {order_number} expired."
    example: ClassVar[dict[str, Any]] = _RETURN


class ReturnSent(_ReturnEvent):
    """The client sent the goods: they are on their way."""

    sent_on = Day(required=True)
    carrier = fields.String(**_told("Who brings them.", allow_none=True))
    tracking_number = fields.String(**_told("The carrier's number.", allow_none=True))

    says = "Return {number} of order {order_number} sent on {sent_on}."
    example: ClassVar[dict[str, Any]] = _RETURN | {
        "sent_on": "2026-03-04",
        "carrier": "DHL",
        "tracking_number": "00340434161094042557",
    }


class ReturnReceived(_ReturnEvent):
    """Goods came back, all or a part; they are to be inspected."""

    part = Whole(**_told("Which part of the return, from 1."))
    received_on = Day(required=True)
    lines = fields.List(fields.Nested(AskedLine), **_told("What has come."))

    says = "Return {number} of order {order_number}: part {part} received on {received_on}."
    example: ClassVar[dict[str, Any]] = _ASKED | {"part": 1, "received_on": "2026-03-06"}


class InspectedLine(Schema):
    """What becomes of some of what came back of an order line."""

    line_id = Id("orl", required=True)
    outcome = fields.String(
        **_told(
            "restocked: on the shelf again; scrapped: accepted, and thrown away; rejected: not accepted, "
            "it stays the client's.",
            validate=validate.OneOf(["restocked", "scrapped", "rejected"]),
        )
    )
    quantity = Quantity(required=True)


class ReturnInspected(_ReturnEvent):
    """Goods that came back were inspected. What was undone is inspected again, and told again."""

    part = Whole(**_told("Which part of the return, from 1."))
    lines = fields.List(fields.Nested(InspectedLine), **_told("Each outcome of each line."))

    says = "Return {number} of order {order_number}: part {part} inspected."
    example: ClassVar[dict[str, Any]] = _RETURN | {
        "part": 1,
        "lines": [
            {"line_id": LINE, "outcome": "restocked", "quantity": "2"},
            {"line_id": LINE, "outcome": "rejected", "quantity": "1"},
        ],
    }


class ReturnInspectionUndone(_ReturnEvent):
    """An inspection was wrong; the goods are to be inspected again."""

    part = Whole(**_told("Which part of the return, from 1."))
    reason = fields.String(**_told("Why, as somebody wrote it."))

    says = "Return {number} of order {order_number}: the inspection of part {part} undone: {reason}"
    example: ClassVar[dict[str, Any]] = _RETURN | {"part": 1, "reason": "It was another parcel."}


class ReturnCredited(_ReturnEvent):
    """What was accepted of a part of a return is credited, or not billed any more."""

    part = Whole(**_told("Which part of the return, from 1."))
    credit_note_ids = fields.List(Id("crn"), **_told("None, where nothing was billed yet."))

    says = "Return {number} of order {order_number}: part {part} credited."
    example: ClassVar[dict[str, Any]] = _RETURN | {
        "part": 1,
        "credit_note_ids": ["crn_01jd3v4q6ye8z9t5k2m7n0p1xg"],
    }


class ReturnReplaced(_ReturnEvent):
    """Others are sent in place of what was accepted, and not billed."""

    replacement_order_id = Id("ord", required=True)

    says = "Return {number} of order {order_number}: a replacement is ordered."
    example: ClassVar[dict[str, Any]] = _RETURN | {"replacement_order_id": ORDER}


class ReturnRejected(_ReturnEvent):
    """Nothing of a return was accepted, or nothing came: it is refused."""

    reason = fields.String(**_told("Why, as somebody wrote it.", allow_none=True))

    says = "Return {number} of order {order_number} refused."
    example: ClassVar[dict[str, Any]] = _RETURN | {"reason": "Used for months."}


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
