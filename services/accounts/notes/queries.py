"""Reads of notes. A private one is there only for its author and those above them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.notes.models import Note, NoteText
from services.accounts.notes.rules import note_not_found
from services.accounts.staff.models import Staff


def list_notes(
    session: Session,
    *,
    account_id: str,
    contact_id: str | None,
    case_id: str | None,
    with_withdrawn: bool,
    limit: int,
    after: str | None,
    caller_id: str | None,
) -> dict[str, Any]:
    """The notes about an account that the caller may read: the pinned first, then the newest."""
    fetch(session, Account, account_id)
    wanted = [Note.account_id == account_id, _may_read(caller_id)]
    if contact_id is not None:
        wanted.append(Note.contact_id == contact_id)
    if case_id is not None:
        wanted.append(Note.case_id == case_id)
    if not with_withdrawn:
        wanted.append(Note.withdrawn_at.is_(None))
    by = [Note.is_pinned, Note.noted_at, Note.note_id]
    notes = select(Note).where(*wanted)
    return read_page(session, notes, by=by, limit=limit, after=after, is_descending=True)


def list_texts(
    session: Session, *, note_id: str, limit: int, after: str | None, caller_id: str | None
) -> dict[str, Any]:
    """What was written in a note, first to last."""
    require_visible(session, note_id, caller_id)
    texts = select(NoteText).where(NoteText.note_id == note_id)
    return read_page(session, texts, by=[NoteText.correction], limit=limit, after=after)


def require_visible(session: Session, note_id: str, caller_id: str | None) -> None:
    """NotFound where there is no such note, or the caller may not read it."""
    fetch(session, Note, note_id)
    is_hidden = exists().where(Note.note_id == note_id, ~_may_read(caller_id))
    if session.scalar(select(is_hidden)):
        raise note_not_found(note_id)


def _may_read(caller_id: str | None) -> ColumnElement[bool]:
    is_for_all = Note.is_private.is_(False)
    return (
        is_for_all if caller_id is None else or_(is_for_all, Note.author_id.in_(_below(caller_id)))
    )


def _below(staff_id: str) -> Select[str]:
    """A member of staff and everyone below them."""
    people = select(Staff.staff_id).where(Staff.staff_id == staff_id).cte("people", recursive=True)
    reports = select(Staff.staff_id).join(people, Staff.reports_to_id == people.c.staff_id)
    return select(people.union(reports).c.staff_id)
