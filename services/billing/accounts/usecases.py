"""Keep the copy of accounts, and lock an account in it: to bill it, or to agree that it is closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Text, any_, bindparam, func, select, text, union
from sqlalchemy.orm import Session, aliased

from chassis.bulk import keep_newest
from chassis.outbox import announce
from services.billing.accounts.models import Account
from services.billing.accounts.rules import account_not_found, payer_not_found, require_billable
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
_PAID_FOR = aliased(Account)
_LOCK_WITH_PAYERS = (
    select(Account)
    .where(
        Account.account_id.in_(
            union(
                select(func.unnest(bindparam("account_ids", type_=ARRAY(Text)))),
                select(_PAID_FOR.payer_id).where(
                    _PAID_FOR.account_id == any_(bindparam("account_ids", type_=ARRAY(Text)))
                ),
            )
        )
    )
    .order_by(Account.account_id)
    .with_for_update(read=True, key_share=True)
    .execution_options(populate_existing=True)
)
_LOCK_TO_CLOSE = text("SELECT FROM account WHERE account_id = :account_id FOR UPDATE")


class Billed(NamedTuple):
    """An account with whoever pays what it is billed: itself, or one above it, of which there may be no
    copy."""

    account: Account
    found_payer: Account | None

    @property
    def payer(self) -> Account:
        """Who pays. NotKnownYet where there is no copy of them that the caller sees."""
        if self.found_payer is None:
            raise payer_not_found(self.account.payer_id, number=self.account.number)
        return self.found_payer

    @property
    def for_account_id(self) -> str | None:
        """For whom it is that the payer is billed; None where that is the payer."""
        return None if self.payer is self.account else self.account.account_id

    @property
    def names(self) -> dict[str, Any]:
        """Who is billed, and for whom."""
        return {"account_id": self.payer.account_id, "for_account_id": self.for_account_id}

    def require_billable(self) -> None:
        """Neither is closed, or may be soon."""
        for each in (self.account, self.payer):
            require_billable(number=each.number, status=each.status)


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


def lock_billed(session: Session, *, account_id: str) -> Billed:
    """An account with its payer, neither of which begins to close before this transaction ends;
    NotKnownYet where there is no copy of the account yet."""
    billed = lock_all_billed(session, account_ids=[account_id]).get(account_id)
    if billed is None:
        raise account_not_found(account_id)
    return billed


def lock_all_billed(session: Session, *, account_ids: Collection[str]) -> dict[str, Billed]:
    """As `lock_billed`, of many by their ids; those without a copy are left out."""
    found = session.scalars(_LOCK_WITH_PAYERS, {"account_ids": list(account_ids)})
    known = {each.account_id: each for each in found}
    return {
        account_id: Billed(account, known.get(account.payer_id or account_id))
        for account_id in account_ids
        if (account := known.get(account_id)) is not None
    }


def lock_account_to_close(session: Session, *, account_id: str) -> None:
    """Let nobody bill an account before this transaction ends; what was being billed is committed then.
    No effect on one that is not known yet, which nobody bills."""
    session.execute(_LOCK_TO_CLOSE, {"account_id": account_id})
