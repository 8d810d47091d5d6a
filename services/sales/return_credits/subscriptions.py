"""What billing says of returns, with only the fields that are needed."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Id, Whole


class ReturnSettled(Subscription, source="billing"):
    """What came back is credited, or not billed any more."""

    return_id = Id("ret", required=True)
    part = Whole(load_default=1)
    credit_note_ids = fields.List(Id("crn"), required=True)


class ReturnRefused(Subscription, source="billing"):
    """What came back cannot be credited; a person is to."""

    return_id = Id("ret", required=True)
    part = Whole(load_default=1)
    reason = fields.String(required=True)


class _Note(Subscription):
    credit_note_id = Id("crn", required=True)
    number = fields.String(required=True)
    return_id = Id("ret", load_default=None, allow_none=True)
    return_part = Whole(load_default=None, allow_none=True)


class ReturnCreditNoteIssued(_Note, source="billing", event="credit_note_issued"):
    """A credit note was issued, perhaps for a return."""


class ReturnCreditNoteVoided(_Note, source="billing", event="credit_note_voided"):
    """A credit note was issued in error."""
