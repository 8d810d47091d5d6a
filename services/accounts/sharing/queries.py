"""Reads of who looks after accounts beside their owners."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.sharing.models import RoleLook, Sharing

EVERY = select(Sharing)
"""What listeners are told of."""


def list_sharings(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """Who looks, looked and will look after an account beside its owner, in the order it was agreed."""
    sharings = select(Sharing).where(Sharing.account_id == account_id)
    return read_page(session, sharings, by=[Sharing.sharing_id], limit=limit, after=after)


def list_role_looks(session: Session) -> dict[str, Any]:
    """Each role, and whether the work of helpers with it needs the owner's look."""
    return {"items": session.scalars(select(RoleLook).order_by(RoleLook.role)).all()}
