"""Reads of consents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.consents.models import Consent


def list_consents(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """What a client has said of being contacted, in the order in which it was written down."""
    fetch(session, Account, account_id)
    said = select(Consent).where(Consent.account_id == account_id)
    return read_page(session, said, by=[Consent.position], limit=limit, after=after)
