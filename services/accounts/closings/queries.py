"""Reads of closings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis.database import Planned, fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Status
from services.accounts.balances.models import AccountBalance
from services.accounts.closings.models import Closing
from services.accounts.reasons.models import ToldReason
from services.accounts.reasons.rules import Kind

OVERLOOKED = Planned.of(
    select(AccountBalance.account_id)
    .join(Account, Account.account_id == AccountBalance.account_id)
    .where(
        Account.status == Status.CLOSED,
        or_(AccountBalance.open != 0, AccountBalance.unapplied != 0),
        ~select(ToldReason)
        .where(
            ToldReason.account_id == AccountBalance.account_id,
            ToldReason.reason == Kind.CLOSED_UNSETTLED,
            ToldReason.about == AccountBalance.currency,
            ToldReason.is_standing,
        )
        .exists(),
    )
    .distinct()
    .order_by(AccountBalance.account_id)
)
"""Closed accounts with money left of which nothing is said yet."""


def list_closings(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The attempts to close an account, first to last, with what each service answered."""
    fetch(session, Account, account_id)
    closings = select(Closing).where(Closing.account_id == account_id)
    return read_page(session, closings, by=[Closing.version], limit=limit, after=after)


def read_balances(
    session: Session, *, account_ids: Collection[str]
) -> Mapping[str, list[AccountBalance]]:
    """What accounts owe by account, by currency."""
    found: dict[str, list[AccountBalance]] = defaultdict(list)
    for balance in session.scalars(
        select(AccountBalance)
        .where(AccountBalance.account_id.in_(account_ids))
        .order_by(AccountBalance.account_id, AccountBalance.currency)
        .execution_options(populate_existing=True)
    ):
        found[balance.account_id].append(balance)
    return found
