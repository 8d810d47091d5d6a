"""What the probe announces."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id, Whole


class NoteLost(AccountEvent):
    """A note was lost, which nobody listens to, though somebody should."""

    says = "A note was lost."
    example = {"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"}


class NoteShown(AccountEvent):
    """A note was shown, which is for the world outside."""

    is_public_only = True

    says = "A note was shown."
    example = {"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"}


class NoteTaken(AccountEvent):
    """A note was taken."""

    note_id = Id("note", required=True)
    text = fields.String(required=True)

    says = "Noted: {text}"
    example = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "note_id": "note_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "text": "called back",
    }


class NoteIntroduced(AccountEvent):
    """A note as it is."""

    note_id = Id("note", required=True)
    version = Whole(required=True)
    text = fields.String(required=True)

    key = ("note_id",)
    says = "Noted: {text}"
    example = {**NoteTaken.example, "version": 1}


class NoteEdited(NoteIntroduced):
    """A note has another text."""

    key = ()
