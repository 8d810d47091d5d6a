"""What comes in and goes out about notes."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Flag, Id, Instant, PageQuery, Schema, Text, Whole
from services.accounts.notes.rules import NoteStatus

TEXT_MAX = 2000

TEXT = {"description": "What there is to know."}
CONTACT = {"description": "The contact of the account whom it is about."}
CASE = {"description": "The case of the account that it is about."}
PRIVATE = {
    "description": "Whether only its author and those above them see it; else all who see the account."
}
STATUS = {"description": "Whether it stands."}
CORRECTIONS = {"description": "How often it was corrected; its texts are kept."}
WITHDRAWN = {"description": "When it was withdrawn."}
WITHDRAWN_BY = {"description": "Who withdrew it."}
PINNED = {"description": "Whether it stays at the top."}


class Note(Schema):
    """What somebody wrote down about an account, or a contact or case of it."""

    note_id = Id("not", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    contact_id = Id("con", required=True, allow_none=True, metadata=CONTACT)
    case_id = Id("cas", required=True, allow_none=True, metadata=CASE)
    text = fields.String(required=True, metadata=TEXT)
    is_private = Flag(required=True, metadata=PRIVATE)
    is_pinned = Flag(required=True, metadata=PINNED)
    status = fields.Enum(
        NoteStatus, by_value=True, required=True, metadata={"description": "Whether it stands."}
    )
    noted_by = fields.String(required=True, metadata={"description": "Who wrote it."})
    noted_at = Instant(required=True, metadata={"description": "When."})
    corrections = Whole(
        required=True, metadata={"description": "How often it was corrected; its texts are kept."}
    )
    withdrawn_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was withdrawn."}
    )
    withdrawn_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who withdrew it."}
    )
    withdrawn_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why."}
    )


class AddNote(Schema):
    """A new note."""

    account_id = Id("acc", required=True)
    text = Text(longest=TEXT_MAX, required=True, metadata=TEXT)
    contact_id = Id("con", load_default=None, allow_none=True, metadata=CONTACT)
    case_id = Id("cas", load_default=None, allow_none=True, metadata=CASE)
    is_private = Flag(load_default=False, metadata=PRIVATE)
    is_pinned = Flag(load_default=False, metadata=PINNED)

    example: ClassVar = {"text": "Prefers to be called before ten."}


class NoteId(Schema):
    """One note."""

    note_id = Id("not", required=True)


class CorrectNote(Schema):
    """What a note should say."""

    note_id = Id("not", required=True)
    text = Text(longest=TEXT_MAX, required=True, metadata=TEXT)


class WithdrawNote(Schema):
    """Why a note stands no more."""

    note_id = Id("not", required=True)
    reason = Text(longest=500, required=True, metadata={"description": "Why; kept with the note."})


class NoteQuery(PageQuery):
    """Which notes to list."""

    account_id = Id("acc", required=True)
    contact_id = Id("con", load_default=None, metadata={"description": "Only about this contact."})
    case_id = Id("cas", load_default=None, metadata={"description": "Only about this case."})
    with_withdrawn = Flag(
        load_default=False, metadata={"description": "Whether those that were withdrawn are shown."}
    )


class NoteTextQuery(PageQuery):
    """Whose texts to list."""

    note_id = Id("not", required=True)


class NoteText(Schema):
    """What was written in a note at one time."""

    note_id = Id("not", required=True)
    account_id = Id("acc", required=True)
    correction = Whole(required=True, metadata={"description": "0 is how it was written at first."})
    text = fields.String(required=True, metadata=TEXT)
    written_by = fields.String(required=True, metadata={"description": "Who wrote it."})
    written_at = Instant(required=True, metadata={"description": "When."})
