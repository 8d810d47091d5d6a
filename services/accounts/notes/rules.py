"""What may be done with a note, and who may write which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kernel.refusals import Conflict, Invalid, NotFound


class NoteStatus(StrEnum):
    """Where a note stands."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"


class NoteAction(StrEnum):
    """What can be done with a note."""

    PIN = "pin"
    UNPIN = "unpin"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


# Where an action leads from a status.
MOVES: Mapping[NoteStatus, Mapping[NoteAction, NoteStatus]] = {
    NoteStatus.STANDING: {
        NoteAction.PIN: NoteStatus.STANDING,
        NoteAction.UNPIN: NoteStatus.STANDING,
        NoteAction.CORRECT: NoteStatus.STANDING,
        NoteAction.WITHDRAW: NoteStatus.WITHDRAWN,
    },
    NoteStatus.WITHDRAWN: {},
}


def next_status(status: NoteStatus, action: NoteAction) -> NoteStatus:
    """Where the action leads; Conflict where the note was withdrawn."""
    if action not in MOVES[status]:
        raise Conflict("note_withdrawn", "The note was withdrawn; write a new one.", state=status)
    return MOVES[status][action]


def require_writable(*, is_private: bool, author_id: str | None) -> None:
    """Refuse a private note of nobody: only its author and those above them would see it."""
    if is_private and author_id is None:
        raise Invalid(
            "private_needs_person",
            "A private note is a person's, and this key is a system's; write it with a person's key or "
            "session, or for all.",
            field="is_private",
        )


def require_one_subject(*, contact_id: str | None, case_id: str | None) -> None:
    """Refuse a note about two things."""
    if contact_id is not None and case_id is not None:
        raise Invalid(
            "two_subjects", "It is about a contact or about a case; leave one out.", field="case_id"
        )


def note_not_found(note_id: str) -> NotFound:
    """That there is no such note, for this caller."""
    return NotFound("note_not_found", f"There is no note {note_id}.")
