"""Batches of charges, coming in and what became of them."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import EachByItself, Flag, Id, Result, Schema, Whole
from services.billing.charges.schemas import AddCharge

BATCH_MAX = 1000


class NewChargeBatch(Schema):
    """Charges to be added."""

    charges = EachByItself(
        fields.Nested(AddCharge),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class AddedCharge(Result):
    """What became of one charge: added or found, with its id; or refused, with code and reason."""

    charge_id = Id("chg", metadata={"description": "The charge, where there is one."})
    is_new = Flag(metadata={"description": "Whether it was added now."})


class ChargeBatch(Schema):
    """What became of each charge of a batch."""

    added = Whole(metadata={"description": "How many were added."})
    found = Whole(metadata={"description": "How many were there under their `external_id`."})
    refused = Whole(metadata={"description": "How many were not added."})
    results = fields.List(
        fields.Nested(AddedCharge),
        metadata={"description": "One for each charge sent, in their order."},
    )
