"""What accounts announces of notes; never what stands in a private one."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Flag, Id, Instant
from services.accounts.shapes import told

_NOTE: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "note_id": "not_01jd3v4q6ye8z9t5k2m7n0p1xk",
    "contact_id": "con_01jd3v4q6ye8z9t5k2m7n0p1xc",
    "case_id": None,
    "is_private": False,
    "text": "Prefers to be called before ten.",
}


class _Note(AccountEvent):
    """A note about an account, or a contact or case of it."""

    note_id = Id("not", required=True)
    contact_id = Id("con", **told("The contact whom it is about, if any.", allow_none=True))
    case_id = Id("cas", **told("The case that it is about, if any.", allow_none=True))
    is_private = Flag(**told("Whether only its author and those above them may read it."))
    text = fields.String(**told("What it says; null where it is private.", allow_none=True))


class NoteAdded(_Note):
    """Somebody wrote a note about an account."""

    noted_by = fields.String(required=True)
    noted_at = Instant(required=True)

    says = "Note: {text:private}"
    example: ClassVar[dict[str, Any]] = _NOTE | {
        "noted_by": "key_office",
        "noted_at": "2026-01-31T09:00:00+00:00",
    }


class NoteCorrected(_Note):
    """A note about an account says something else now."""

    corrected_by = fields.String(required=True)
    corrected_at = Instant(required=True)

    says = "Note corrected: {text:private}"
    example: ClassVar[dict[str, Any]] = _NOTE | {
        "corrected_by": "key_office",
        "corrected_at": "2026-02-01T09:00:00+00:00",
    }


class NoteWithdrawn(_Note):
    """A note about an account does not stand any more."""

    withdrawn_by = fields.String(required=True)
    withdrawn_at = Instant(required=True)

    says = "Note withdrawn: {text:private}"
    example: ClassVar[dict[str, Any]] = _NOTE | {
        "withdrawn_by": "key_office",
        "withdrawn_at": "2026-02-01T09:00:00+00:00",
    }
