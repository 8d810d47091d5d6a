"""Keeping the copies of accounts up to date; each takes a snapshot if it is newer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.collections.accounts.models import Account, AccountBalance, Contact
from services.collections.base import store_newer


def take_account_snapshot(session: Session, **snapshot: Any) -> None:
    """Store what accounts says of an account."""
    store_newer(session, Account, [snapshot])


def take_contact_snapshot(session: Session, **snapshot: Any) -> None:
    """Store what accounts says of a contact."""
    store_newer(session, Contact, [snapshot])


def take_balance_snapshot(session: Session, **snapshot: Any) -> bool:
    """Store what billing says of an account's balance in one currency; whether that was news."""
    return bool(store_newer(session, AccountBalance, [snapshot]))


def lock_accounts(session: Session, *, account_ids: Collection[str]) -> None:
    """Let nobody else draw conclusions about these accounts until the transaction ends, so that each
    sees what the one before it stored. No effect on accounts that are not known yet."""
    session.execute(
        select(Account.account_id)
        .where(Account.account_id.in_(account_ids))
        .order_by(Account.account_id)
        .with_for_update()
    )
