"""Keep the copy of accounts, and lock an account in it: to bill it, or to agree that it is closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, select, text
from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from chassis.outbox import announce
from services.billing.accounts.models import Account
from services.billing.accounts.rules import account_not_found
from services.billing.events import AccountKnown

# Who bills an account locks its row in the first way, which keeps others neither from billing nor from
# storing a newer snapshot, but it does keep the account from beginning to close, which needs the second.
_LOCK_TO_BILL = (
    select(Account)
    .where(Account.account_id == any_(bindparam("account_ids", type_=ARRAY(Text))))
    .order_by(Account.account_id)
    .with_for_update(read=True, key_share=True)
    .execution_options(populate_existing=True)
)
_LOCK_TO_CLOSE = text("SELECT FROM account WHERE account_id = :account_id FOR UPDATE")


def keep_accounts(session: Session, snapshots: Sequence[Mapping[str, Any]]) -> None:
    """Store snapshots of accounts, unless newer ones are here already; say of which this is the first."""
    for kept in keep_newest(session, Account, snapshots):
        if kept.is_new:
            known = {"account_id": kept.account_id, "account_version": kept.version}
            announce(session, AccountKnown, **known, known_by="billing")


def lock_account_to_bill(session: Session, *, account_id: str) -> Account:
    """The copy of an account, which does not begin to close before this transaction ends; NotKnownYet
    where its first event has not come."""
    account = lock_accounts_to_bill(session, account_ids=[account_id]).get(account_id)
    if account is None:
        raise account_not_found(account_id)
    return account


def lock_accounts_to_bill(session: Session, *, account_ids: Collection[str]) -> dict[str, Account]:
    """The copies of accounts by id, none of which begins to close before this transaction ends; those
    without a copy are left out."""
    found = session.scalars(_LOCK_TO_BILL, {"account_ids": list(account_ids)})
    return {account.account_id: account for account in found}


def lock_account_to_close(session: Session, *, account_id: str) -> None:
    """Let nobody bill an account before this transaction ends; what was being billed is committed then.
    No effect on one that is not known yet, which nobody bills."""
    session.execute(_LOCK_TO_CLOSE, {"account_id": account_id})
