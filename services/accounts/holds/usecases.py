"""What happens when somebody has an account held, or released."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Action, require_move
from services.accounts.accounts.usecases import move_account, note_hold
from services.accounts.holds import rules
from services.accounts.onboarding.queries import find_holding


def hold_account(
    session: Session, *, account_id: str, reason: str, today: date, now: datetime, by: str
) -> Account:
    """Do no new business with an account until it is released; also where a document holds it already,
    so that it stays on hold when that is renewed."""
    account = fetch_for_change(session, Account, account_id)
    rules.require_not_held(
        account.number, account.status, is_held_for_documents=account.is_held_for_documents
    )
    note_hold(account, is_for_documents=False)
    move_account(session, account, Action.HOLD, reason=reason, today=today, now=now, by=by)
    return account


def release_account(
    session: Session, *, account_id: str, reason: str | None, today: date, now: datetime, by: str
) -> Account:
    """Let business with an account go on, unless an expired document holds it."""
    account = fetch_for_change(session, Account, account_id)
    require_move(account.number, account.status, Action.RELEASE)
    rules.require_no_document(
        account.number, [item.name for item in find_holding(session, account_id, today=today)]
    )
    move_account(session, account, Action.RELEASE, reason=reason, today=today, now=now, by=by)
    return account
