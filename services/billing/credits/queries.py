"""Reads of credit notes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from kernel.refusals import Conflict
from services.billing.credits.models import CreditNote
from services.billing.credits.rules import CreditNoteStatus

EVERY = select(CreditNote)
"""What listeners are told of."""

_HAS_STATUS: dict[str, ColumnElement[bool]] = {
    CreditNoteStatus.UNAPPLIED: CreditNote.unapplied > 0,
    CreditNoteStatus.APPLIED: CreditNote.unapplied == 0,
}


def get_credit_note(session: Session, *, credit_note_id: str) -> CreditNote:
    """One credit note with its lines."""
    return fetch(session, CreditNote, credit_note_id)


def list_credit_notes(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    invoice_id: str | None,
    number: str | None,
    status: str | None,
) -> dict[str, Any]:
    """A page of credit notes, newest first."""
    statement = select(CreditNote)
    same = {
        CreditNote.account_id: account_id,
        CreditNote.invoice_id: invoice_id,
        CreditNote.number: number,
    }
    for column, value in same.items():
        if value is not None:
            statement = statement.where(column == value)
    if status is not None:
        statement = statement.where(_HAS_STATUS[status])
    return read_page(
        session,
        statement,
        by=[CreditNote.credit_note_id],
        limit=limit,
        after=after,
        is_descending=True,
    )


def require_not_credited(session: Session, **names: str | None) -> None:
    """What a credit note may name, a remedy or a dispute, is credited once; Conflict where one credit
    note names it already."""
    for name, named in names.items():
        same = getattr(CreditNote, name) == named
        number = named and session.scalar(select(CreditNote.number).where(same))
        if number is not None:
            what = name.removesuffix("_id")
            detail = (
                f"Credit note {number} carries out {what} {named} already; each is credited once."
            )
            raise Conflict(f"{what}_credited", detail, field=name)


def find_note_of_dispute(session: Session, *, dispute_id: str) -> CreditNote | None:
    """The credit note that names a dispute."""
    return session.scalar(select(CreditNote).where(CreditNote.dispute_id == dispute_id))
