"""Keeping the copies of accounts up to date; each takes a snapshot if it is newer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from services.collections.accounts.models import Account, AccountBalance, Contact

_LOCK = text(
    "SELECT FROM account WHERE account_id = ANY(:account_ids) ORDER BY account_id FOR UPDATE"
)


def keep_account(session: Session, **snapshot: Any) -> None:
    """Store what accounts says of an account."""
    keep_newest(session, Account, [snapshot])


def keep_contact(session: Session, **snapshot: Any) -> None:
    """Store what accounts says of a contact."""
    keep_newest(session, Contact, [snapshot])


def keep_balance(session: Session, **snapshot: Any) -> bool:
    """Store what billing says of an account's balance in one currency; whether that was news."""
    return bool(keep_newest(session, AccountBalance, [snapshot]))


def lock_accounts(session: Session, *, account_ids: Collection[str]) -> None:
    """Let nobody else draw conclusions about these accounts until the transaction ends, so that each
    sees what the one before it stored. No effect on accounts that are not known yet."""
    session.execute(_LOCK, {"account_ids": list(account_ids)})
