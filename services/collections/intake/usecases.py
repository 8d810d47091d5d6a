"""Taking what billing says, and drawing at once the conclusions that cannot wait for the daily jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.collections.accounts.usecases import keep_balance, lock_accounts
from services.collections.contact_dues.usecases import review_contacts
from services.collections.credit_holds.usecases import review_credit_holds
from services.collections.intake import queries
from services.collections.placements.usecases import cure_placements
from services.collections.receivables.usecases import keep_items


def settle_items(
    session: Session,
    *,
    account_id: str,
    items: Sequence[dict[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Less is owed: contacts, credit holds and placements that this settles are settled."""
    lock_accounts(session, account_ids=[account_id])
    is_news = keep_items(session, account_id=account_id, items=items)
    if is_news and queries.is_anything_standing(session, account_id=account_id):
        _review(session, account_id=account_id, today=today, now=now, by=by)


def reopen_item(
    session: Session,
    *,
    account_id: str,
    item: dict[str, Any],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """More is owed again: what was settled too early stands again."""
    lock_accounts(session, account_ids=[account_id])
    if keep_items(session, account_id=account_id, items=[item]):
        _review(session, account_id=account_id, today=today, now=now, by=by)


def take_balance(session: Session, *, today: date, now: datetime, by: str, **snapshot: Any) -> None:
    """Unapplied credit counts as paid: it settles as well."""
    account_id = snapshot["account_id"]
    lock_accounts(session, account_ids=[account_id])
    is_news = keep_balance(session, **snapshot)
    if is_news and queries.is_anything_standing(session, account_id=account_id):
        _review(session, account_id=account_id, today=today, now=now, by=by)


def _review(session: Session, *, account_id: str, today: date, now: datetime, by: str) -> None:
    review_contacts(session, account_ids=[account_id], today=today)
    review_credit_holds(session, account_ids=[account_id], today=today, now=now)
    cure_placements(session, account_id=account_id, now=now, by=by)
