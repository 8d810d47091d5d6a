"""Keeping the copies current. Snapshots may come twice and in any order; the newest version stays."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from chassis.outbox import announce
from kernel.refusals import NotKnownYet
from services.sales.accounts.models import Account, AccountBalance, Contact, CreditHold
from services.sales.events import AccountKnown


def keep_accounts(session: Session, snapshots: Rows) -> None:
    """Take over what the accounts service says of accounts; say of which this is the first."""
    for kept in keep_newest(session, Account, snapshots):
        if kept.is_new:
            known = {"account_id": kept.account_id, "account_version": kept.version}
            announce(session, AccountKnown, **known, known_by="sales")


def keep_contacts(session: Session, snapshots: Rows) -> None:
    """Take over what the accounts service says of the people at accounts."""
    keep_newest(session, Contact, snapshots)


def keep_balances(session: Session, snapshots: Rows) -> None:
    """Take over what billing says accounts owe, each in one currency."""
    keep_newest(session, AccountBalance, snapshots)


def keep_credit_holds(session: Session, snapshots: Rows) -> None:
    """Note which accounts' orders collections has stopped, and which it lets through again."""
    keep_newest(session, CreditHold, snapshots)


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
    statement = (
        select(Account).where(Account.account_id == account_id).with_for_update(key_share=True)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def lock_credit_group(session: Session, account: Account) -> None:
    """Lock the account whose credit limit counts for this one and others, whoever may see it, after the
    account's own: so that no two of them take the last of that credit at once."""
    if account.credit_group_id in (None, account.account_id):
        return
    rows = Account.__table__.c
    group = select(rows.account_id).where(rows.account_id == account.credit_group_id)
    session.execute(group.with_for_update(key_share=True))
