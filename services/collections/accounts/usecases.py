"""Keeping the copies of accounts up to date; each takes a snapshot if it is newer."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.collections.accounts.models import Account, AccountBalance, Contact

_LOCK = text(
    "SELECT FROM account WHERE account_id = ANY(:account_ids) ORDER BY account_id FOR NO KEY UPDATE"
)


def keep_accounts(session: Session, snapshots: Rows) -> None:
    """Store what accounts says of accounts."""
    keep_newest(session, Account, snapshots)


def keep_contacts(session: Session, snapshots: Rows) -> None:
    """Store what accounts says of contacts."""
    keep_newest(session, Contact, snapshots)


def keep_balances(session: Session, snapshots: Rows) -> set[str]:
    """Store what billing says of accounts' balances, each in one currency; the accounts of which that
    was news."""
    return {row.account_id for row in keep_newest(session, AccountBalance, snapshots)}


def lock_accounts(session: Session, *, account_ids: Collection[str]) -> None:
    """Let nobody else draw conclusions about these accounts until the transaction ends, so that each
    sees what the one before it stored. No effect on accounts that are not known yet."""
    session.execute(_LOCK, {"account_ids": list(account_ids)})
