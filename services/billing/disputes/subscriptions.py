"""What billing hears of disputes, with only the fields it uses."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Whole


class _Dispute(Subscription):
    account_id = Id("acc", required=True)
    dispute_id = Id("dsp", required=True)
    version = Whole(required=True)
    item_id = Id("itm", required=True)
    currency = Currency(required=True)
    amount = Minor(required=True)
    contested = Minor(required=True)
    status = fields.String(required=True)
    reason = fields.String(required=True)


class _UndecidedDispute(_Dispute):
    """What a client contests of an item."""

    upheld = fields.Constant(0)


class DisputeResolved(_Dispute, source="collections"):
    """What was upheld of it."""

    upheld = Minor(required=True)


DISPUTE: tuple[type[Subscription], ...] = (
    *_UndecidedDispute.to("collections", "dispute_opened", "dispute_changed"),
    DisputeResolved,
)
