"""Reads of who knows accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.known.models import AccountKnown


def list_known(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """Which services said that they know an account."""
    fetch(session, Account, account_id)
    known = select(AccountKnown).where(AccountKnown.account_id == account_id)
    return read_page(session, known, by=[AccountKnown.known_by], limit=limit, after=after)


def find_known_by(session: Session, account_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
    """By whom each of these accounts is known; those that nobody knows are left out."""
    known = AccountKnown
    return {
        one.account_id: one.services
        for one in session.execute(
            select(known.account_id, func.array_agg(known.known_by).label("services"))
            .where(known.account_id.in_(account_ids))
            .group_by(known.account_id)
        )
    }
