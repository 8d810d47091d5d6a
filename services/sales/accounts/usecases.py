"""Keeping the copies current. Snapshots may come twice and in any order; the newest version stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from kernel.refusals import NotKnownYet
from services.sales.accounts.models import Account, AccountBalance, CreditHold


def keep_account(session: Session, **snapshot: Any) -> None:
    """Take over what the accounts service says of an account."""
    keep_newest(session, Account, [snapshot])


def keep_balance(session: Session, **snapshot: Any) -> None:
    """Take over what billing says an account owes in one currency."""
    keep_newest(session, AccountBalance, [snapshot])


def place_credit_hold(session: Session, *, account_id: str, version: int, reason: str) -> None:
    """Note that collections has stopped the account's orders."""
    hold = {"account_id": account_id, "version": version, "reason": reason, "is_placed": True}
    keep_newest(session, CreditHold, [hold])


def lift_credit_hold(session: Session, *, account_id: str, version: int, reason: str) -> None:
    """Note that collections lets the account's orders through again."""
    hold = {"account_id": account_id, "version": version, "reason": reason, "is_placed": False}
    keep_newest(session, CreditHold, [hold])


def fetch_account_for_change(session: Session, account_id: str) -> Account:
    """The account's row, locked until the transaction ends. Whoever adds to an account's exposure
    holds this lock, so that two orders cannot both take the last of the credit, and none is confirmed
    while we agree that the account is closed."""
    account = lock_account(session, account_id)
    if account is None:
        raise NotKnownYet("account_not_found", f"There is no account {account_id}.")
    return account


def lock_account(session: Session, account_id: str) -> Account | None:
    """As `fetch_account_for_change`, but None where the account is not known yet."""
    statement = select(Account).where(Account.account_id == account_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
