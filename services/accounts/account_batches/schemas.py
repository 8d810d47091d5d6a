"""Batches of accounts, coming in and what became of them."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from chassis.fields import EachByItself, Flag, Id, OneLine, Result, Schema, Text, Whole
from services.accounts.accounts.schemas import REFERENCE_ID, SYSTEM, OpenAccount, System

BATCH_MAX = 500


WAIVED = {
    "description": "That it is of a client already, and why nothing is asked of them: it is active at "
    "once, and what is required of every account today is waived with this. Left out: a prospect."
}


class AccountToOpen(OpenAccount):
    """A new account, what another system calls it, and why it needs no onboarding."""

    system = System(load_default=None, metadata=SYSTEM)
    reference_id = OneLine(longest=100, load_default=None, metadata=REFERENCE_ID)
    onboarding_waived_reason = Text(
        longest=500, load_default=None, allow_none=True, metadata=WAIVED
    )

    @validates_schema
    def name_both_or_neither(self, data: dict[str, Any], **_: Any) -> None:
        if (data["system"] is None) != (data["reference_id"] is None):
            raise ValidationError("Give both system and reference_id, or neither.", "reference_id")


class NewAccountBatch(Schema):
    """Accounts to be opened."""

    accounts = EachByItself(
        fields.Nested(AccountToOpen),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class OpenedAccount(Result):
    """What became of one account: opened or found, with id and number; or refused, with the reason."""

    account_id = Id("acc", metadata={"description": "The account, where there is one."})
    number = fields.String(metadata={"description": "Its number."})
    is_new = Flag(metadata={"description": "Whether it was opened now."})


class AccountBatch(Schema):
    """What became of each account of a batch."""

    opened = Whole(metadata={"description": "How many were opened."})
    found = Whole(metadata={"description": "How many were there."})
    refused = Whole(metadata={"description": "How many were not opened."})
    results = fields.List(
        fields.Nested(OpenedAccount),
        metadata={"description": "One for each account sent, in their order."},
    )
