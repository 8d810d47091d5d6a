"""What happens to notes: written, pinned, corrected, withdrawn; what was written is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import NotFound
from services.accounts.accounts.models import Account
from services.accounts.cases.models import Case
from services.accounts.contacts.models import Contact
from services.accounts.notes import events, rules
from services.accounts.notes.models import Note, NoteText
from services.accounts.notes.queries import require_visible
from services.accounts.notes.rules import NoteAction


def add_note(
    session: Session,
    *,
    account_id: str,
    text: str,
    contact_id: str | None,
    case_id: str | None,
    is_private: bool,
    is_pinned: bool,
    now: datetime,
    by: str,
    author_id: str | None,
) -> Note:
    """Write a note about an account, or a contact or case of it."""
    rules.require_writable(is_private=is_private, author_id=author_id)
    rules.require_one_subject(contact_id=contact_id, case_id=case_id)
    fetch(session, Account, account_id)
    if contact_id is not None:
        _require_contact(session, contact_id, account_id)
    if case_id is not None:
        _require_case(session, case_id, account_id)
    note = Note(
        note_id=new_id("not"),
        account_id=account_id,
        contact_id=contact_id,
        case_id=case_id,
        text=text,
        is_private=is_private,
        is_pinned=is_pinned,
        author_id=author_id,
        noted_by=by,
        noted_at=now,
    )
    session.add(note)
    _keep_text(session, note, now=now, by=by)
    _announce(session, events.NoteAdded, note, noted_by=by, noted_at=now)
    return note


def pin_note(session: Session, *, note_id: str, caller_id: str | None) -> Note:
    """Keep a note at the top of its account's."""
    note = _lock(session, note_id, NoteAction.PIN, caller_id)
    note.is_pinned = True
    session.flush()
    return note


def unpin_note(session: Session, *, note_id: str, caller_id: str | None) -> Note:
    """Let a note stand among the others."""
    note = _lock(session, note_id, NoteAction.UNPIN, caller_id)
    note.is_pinned = False
    session.flush()
    return note


def correct_note(
    session: Session, *, note_id: str, text: str, now: datetime, by: str, caller_id: str | None
) -> Note:
    """Have a note say something else; what it said is kept."""
    note = _lock(session, note_id, NoteAction.CORRECT, caller_id)
    if text == note.text:
        return note
    note.text, note.corrections = text, note.corrections + 1
    _keep_text(session, note, now=now, by=by)
    _announce(session, events.NoteCorrected, note, corrected_by=by, corrected_at=now)
    return note


def withdraw_note(
    session: Session, *, note_id: str, reason: str, now: datetime, by: str, caller_id: str | None
) -> Note:
    """Have a note stand no more; it is kept, with the reason."""
    note = _lock(session, note_id, NoteAction.WITHDRAW, caller_id)
    note.withdrawn_at, note.withdrawn_by, note.withdrawn_reason = now, by, reason
    note.is_pinned = False
    _announce(session, events.NoteWithdrawn, note, withdrawn_by=by, withdrawn_at=now)
    return note


def _lock(session: Session, note_id: str, action: NoteAction, caller_id: str | None) -> Note:
    require_visible(session, note_id, caller_id)
    note = fetch_for_change(session, Note, note_id)
    rules.next_status(note.status, action)
    return note


def _require_contact(session: Session, contact_id: str, account_id: str) -> None:
    theirs = (Contact.contact_id == contact_id, Contact.account_id == account_id)
    if session.scalar(select(Contact.contact_id).where(*theirs)) is None:
        detail = f"The account has no contact {contact_id}."
        raise NotFound("contact_not_found", detail, field="contact_id")


def _require_case(session: Session, case_id: str, account_id: str) -> None:
    theirs = (Case.case_id == case_id, Case.account_id == account_id)
    if session.scalar(select(Case.case_id).where(*theirs)) is None:
        detail = f"The account has no case {case_id}; name one of its own, or leave it out."
        raise NotFound("case_not_found", detail, field="case_id")


def _keep_text(session: Session, note: Note, *, now: datetime, by: str) -> None:
    session.flush()
    session.add(
        NoteText(
            note_id=note.note_id,
            correction=note.corrections,
            account_id=note.account_id,
            text=note.text,
            written_by=by,
            written_at=now,
        )
    )


def _announce(session: Session, event: type[Any], note: Note, **facts: Any) -> None:
    session.flush()
    names = ("account_id", "note_id", "contact_id", "case_id", "is_private")
    text = None if note.is_private else note.text
    announce(session, event, **{name: getattr(note, name) for name in names}, text=text, **facts)
