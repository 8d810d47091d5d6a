"""Reads of references."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.references.models import AccountReference


def list_references(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """What other systems call an account."""
    known = select(AccountReference).where(AccountReference.account_id == account_id)
    by = [AccountReference.system, AccountReference.reference_id]
    return read_page(session, known, by=by, limit=limit, after=after)
