"""The tables of notes and of all that was ever written in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.base import Base
from services.accounts.notes.rules import NoteStatus


class Note(Base, Aggregate, AccountOwned):
    """A note on an account, or on a contact or a case of it, as it stands. `author_id` is the member of
    staff who wrote it; a private one is seen by them and those above them alone."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_in_order", "account_id", "is_pinned", "noted_at", "note_id"),)

    note_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=False)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.contact_id"))
    case_id: Mapped[str | None]
    text: Mapped[str]
    is_private: Mapped[bool]
    is_pinned: Mapped[bool]
    author_id: Mapped[str | None]
    noted_by: Mapped[str]
    noted_at: Mapped[datetime]
    corrections: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_reason: Mapped[str | None]

    @property
    def status(self) -> NoteStatus:
        """Where it stands."""
        return NoteStatus.STANDING if self.withdrawn_at is None else NoteStatus.WITHDRAWN


class NoteText(Base, AccountOwned):
    """What was written in a note: at first, and with each correction; appended, never edited."""

    __tablename__ = "note_text"

    note_id: Mapped[str] = mapped_column(ForeignKey("note.note_id"), primary_key=True)
    correction: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]
