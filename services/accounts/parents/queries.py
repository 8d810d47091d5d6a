"""Reads of families."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.parents import rules
from services.accounts.parents.rules import Payer

# Whoever belongs to the same root, also what the caller may not see: who pays follows from the whole.
_FAMILY = text(
    """
    WITH RECURSIVE above AS (
        SELECT account_id, parent_id FROM account WHERE account_id = :account_id
        UNION
        SELECT up.account_id, up.parent_id FROM account AS up
        JOIN above ON up.account_id = above.parent_id
    ), family AS (
        SELECT account.* FROM account JOIN above USING (account_id) WHERE above.parent_id IS NULL
        UNION
        SELECT below.* FROM account AS below JOIN family ON below.parent_id = family.account_id
    )
    SELECT account_id, number, currency, parent_id, is_paid_by_parent, is_credit_group FROM family
    """
)


def read_family(session: Session, account_id: str) -> dict[str, Row[Any]]:
    """All that belong together with an account, by id."""
    return {one.account_id: one for one in session.execute(_FAMILY, {"account_id": account_id})}


def get_family(session: Session, *, account_id: str) -> dict[str, Any]:
    """Those that belong together with an account and that the caller sees, each after its parent and by
    name, with how far below the top it is."""
    fetch(session, Account, account_id)
    family = read_family(session, account_id)
    seen = select(Account).where(Account.account_id.in_(family))
    by_name = session.scalars(seen.order_by(Account.name_key, Account.account_id))
    accounts = {one.account_id: one for one in by_name}
    return {
        "items": [
            _member(accounts[one], depth)
            for one, depth in rules.walk(family, [*accounts, *(family.keys() - accounts.keys())])
            if one in accounts
        ]
    }


def list_children(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The accounts that belong to one directly, by name."""
    fetch(session, Account, account_id)
    children = select(Account).where(Account.parent_id == account_id)
    by = [Account.name_key, Account.account_id]
    return read_page(session, children, by=by, limit=limit, after=after)


def _member(account: Account, depth: int) -> dict[str, Any]:
    names = ("account_id", "number", "name", "status", "currency", "parent_id", "payer_id")
    payer = Payer.PARENT if account.is_paid_by_parent else Payer.CHILD
    return {
        **{name: getattr(account, name) for name in names},
        "depth": depth,
        "payer": payer if account.parent_id else None,
        "is_credit_group": account.is_credit_group,
        "credit_group_id": account.credit_group_id,
    }
