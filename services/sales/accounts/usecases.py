"""Keeping the copies current. Snapshots may come twice and in any order; the newest version stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from chassis.outbox import announce
from kernel.refusals import NotKnownYet
from services.sales.accounts import queries
from services.sales.accounts.models import Account, AccountBalance, Contact, CreditHold
from services.sales.events import AccountKnown

_LOCK = text(
    """
    SELECT account_id FROM account WHERE account_id = ANY(:account_ids)
    ORDER BY account_id FOR NO KEY UPDATE
    """
)


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
    holds this lock (`lock_credit`), so that two orders cannot both take the last of the credit, and none
    is confirmed while we agree that the account is closed."""
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


def lock_credit(session: Session, account_ids: Collection[str]) -> dict[str, Account]:
    """Those of these accounts that are known, by id, locked until the transaction ends together with
    those whose credit limit counts for them and others, whoever may see these: so that no two orders take
    the last of that credit at once. All lock them in the order of their ids."""
    accounts = queries.find_accounts(session, account_ids)
    while accounts:
        groups = _groups(accounts)
        session.execute(_LOCK, {"account_ids": sorted({*accounts, *groups})})
        accounts = queries.find_accounts(session, accounts)
        if _groups(accounts) <= groups:  # none has come to another meanwhile
            break
    return accounts


def lock_credit_of(session: Session, account_id: str) -> Account:
    """As `lock_credit`, of one account; NotKnownYet where it is not known yet."""
    account = lock_credit(session, [account_id]).get(account_id)
    if account is None:
        raise NotKnownYet("account_not_found", f"There is no account {account_id}.")
    return account


def _groups(accounts: Mapping[str, Account]) -> set[str]:
    return {one.credit_group_id for one in accounts.values() if one.credit_group_id is not None}
