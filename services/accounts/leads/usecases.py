"""What happens when sales has won a lead: it becomes an account, once, or is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from chassis.bulk import attempt
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.accounts.accounts.models import Account
from services.accounts.accounts.usecases import open_account
from services.accounts.contacts.usecases import add_contact
from services.accounts.leads import rules
from services.accounts.leads.events import LeadRefused
from services.accounts.leads.rules import Facts
from services.accounts.notes.usecases import add_note

BY = "sales"  # who opens the account, and wrote the notes
# Whoever converts the same lead meanwhile waits, and then finds its account.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:lead_id, 0))")


def convert_lead(
    session: Session, *, lead_id: str, today: date, now: datetime, **lead: Any
) -> None:
    """Open the account of a lead with its contacts and notes, all or nothing, unless that was done. What
    stands in the way is announced; a lead that is converted again is tried again."""
    session.execute(_LOCK, {"lead_id": lead_id})
    if session.scalar(select(exists().where(Account.lead_id == lead_id))):
        return
    error = attempt(session, lambda: _open(session, lead_id, lead, today=today, now=now))
    if isinstance(error, Refusal):
        announce(session, LeadRefused, lead_id=lead_id, code=error.code, reason=error.detail)
    elif error is not None:
        raise error


def _open(session: Session, lead_id: str, lead: Facts, *, today: date, now: datetime) -> None:
    profile = rules.read_profile(lead)
    contacts, notes = rules.read_contacts(lead), rules.read_notes(lead)
    profile |= {"number": None, "lead_id": lead_id}
    account = open_account(session, today=today, now=now, by=BY, **profile)
    for contact in contacts:
        contact |= {"valid_from": None, "valid_to": None}
        add_contact(session, account_id=account.account_id, today=today, **contact)
    for note in notes:
        add_note(
            session,
            account_id=account.account_id,
            text=note,
            contact_id=None,
            case_id=None,
            is_private=False,
            is_pinned=False,
            now=now,
            by=BY,
            author_id=None,
        )
