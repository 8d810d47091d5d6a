"""Reads of what was told of our own reasons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.accounts.reasons.models import ToldReason
from services.accounts.reasons.rules import Key


def find_accounts(session: Session, reason: str, about: str) -> set[str]:
    """At which accounts a reason about something stands, as was told last, whoever sees them."""
    told = ToldReason.__table__.c
    found = select(told.account_id).where(
        told.reason == reason, told.about == about, told.is_standing
    )
    return set(session.scalars(found))


def find_standing(
    session: Session, *, reason: str, account_ids: Collection[str]
) -> dict[Key, date]:
    """Which reasons of a kind stand at these accounts, as was told last, and since when."""
    told = ToldReason
    found = session.execute(
        select(told.account_id, told.reason, told.about, told.since).where(
            told.reason == reason, told.is_standing, told.account_id.in_(account_ids)
        )
    )
    return {(row.account_id, row.reason, row.about): row.since for row in found}
