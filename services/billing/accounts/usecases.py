"""Keep the copy of accounts; find an account in it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from kernel.refusals import NotKnownYet
from services.billing.accounts.models import Account

_BY_IDS = select(Account).where(
    Account.account_id == any_(bindparam("account_ids", type_=ARRAY(Text)))
)


def keep_account(
    session: Session,
    *,
    account_id: str,
    version: int,
    number: str,
    status: str,
    net_days: int,
) -> None:
    """Store a snapshot of an account unless a newer one is here already."""
    snapshot = {
        "account_id": account_id,
        "version": version,
        "number": number,
        "status": status,
        "net_days": net_days,
    }
    keep_newest(session, Account, [snapshot])


def get_account(session: Session, *, account_id: str) -> Account:
    """The copy of an account; NotKnownYet where its first event has not come."""
    account = get_accounts(session, account_ids=[account_id]).get(account_id)
    if account is None:
        raise NotKnownYet("account_not_found", f"There is no account {account_id}.")
    return account


def get_accounts(session: Session, *, account_ids: Collection[str]) -> dict[str, Account]:
    """The copies of accounts by id; those without a copy are left out."""
    found = session.scalars(_BY_IDS, {"account_ids": list(account_ids)})
    return {account.account_id: account for account in found}
