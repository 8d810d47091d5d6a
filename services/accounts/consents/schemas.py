"""What comes in and goes out about consents."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Flag, Id, Instant, PageQuery, Schema, Text
from services.accounts.accounts.rules import Channel
from services.accounts.accounts.schemas import (
    CONSENT_CHANNEL,
    IS_GIVEN,
    HeldConsent,
)

HOW = {"description": "How it was said: a form, a letter, a call, and to whom."}


class Consent(HeldConsent):
    """What a client said of being contacted by a channel."""

    account_id = Id("acc", required=True)
    how = fields.String(required=True, metadata=HOW)
    recorded_by = fields.String(required=True, metadata={"description": "Who wrote it down."})
    recorded_at = Instant(required=True, metadata={"description": "When it was written down."})


class RecordConsent(Schema):
    """What a client said of being contacted by a channel."""

    account_id = Id("acc", required=True)
    channel = fields.Enum(Channel, by_value=True, required=True, metadata=CONSENT_CHANNEL)
    is_given = Flag(required=True, metadata=IS_GIVEN)
    since = Instant(
        load_default=None,
        metadata={"description": "When the client said so, not in the future; now if left out."},
    )
    how = Text(longest=500, required=True, metadata=HOW)

    example: ClassVar = {"channel": "email", "is_given": True, "how": "Form of 2 March, signed."}


class ConsentQuery(PageQuery):
    """Whose consents to list."""

    account_id = Id("acc", required=True)
