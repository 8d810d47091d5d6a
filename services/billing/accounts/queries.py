"""Reads of the copy of accounts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session, aliased

from services.billing.accounts.models import Account
from services.billing.accounts.rules import account_not_found

COPY = select(Account)
"""What we keep of accounts."""

_BY_IDS = select(Account).where(
    Account.account_id == any_(bindparam("account_ids", type_=ARRAY(Text)))
)

_PAID_FOR = select(Account.account_id).where(
    Account.payer_id == any_(bindparam("account_ids", type_=ARRAY(Text)))
)


def get_account(session: Session, *, account_id: str) -> Account:
    """The copy of an account; NotKnownYet where its first event has not come."""
    account = find_accounts(session, account_ids=[account_id]).get(account_id)
    if account is None:
        raise account_not_found(account_id)
    return account


def find_accounts(session: Session, *, account_ids: Collection[str]) -> dict[str, Account]:
    """The copies of accounts by id; those without a copy are left out."""
    found = session.scalars(_BY_IDS, {"account_ids": list(account_ids)})
    return {account.account_id: account for account in found}


def find_payers(session: Session, *, account_ids: Collection[str]) -> dict[str, str]:
    """Who pays in the end what accounts owe, by the account's id: itself, or one above it. Those without
    a copy are left out."""
    accounts = find_accounts(session, account_ids=account_ids)
    return {each.account_id: each.payer_id or each.account_id for each in accounts.values()}


def find_below(session: Session, *, account_ids: Collection[str]) -> dict[str, list[str]]:
    """Each of these accounts with those below it, itself first and the others in the order of their
    numbers; by id."""
    top = (
        select(Account.account_id.label("top_id"), Account.account_id, Account.number)
        .where(Account.account_id == any_(bindparam("account_ids", type_=ARRAY(Text))))
        .cte("below", recursive=True)
    )
    child = aliased(Account)
    below = top.union(  # each once, so that it ends even where copies go round
        select(top.c.top_id, child.account_id, child.number).join(
            child, child.parent_id == top.c.account_id
        )
    )
    found = session.execute(select(below), {"account_ids": list(account_ids)})
    tree: dict[str, list[tuple[bool, str, str]]] = {}
    for top_id, account_id, number in found:
        tree.setdefault(top_id, []).append((account_id != top_id, number, account_id))
    return {top_id: [one[2] for one in sorted(rows)] for top_id, rows in tree.items()}


def find_paid_for(session: Session, *, account_ids: Collection[str]) -> list[str]:
    """These accounts and those they pay for in the end, in order."""
    found = session.scalars(_PAID_FOR, {"account_ids": list(account_ids)})
    return sorted({*account_ids, *found})
