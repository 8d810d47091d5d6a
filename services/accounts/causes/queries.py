"""Reads of causes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.causes.models import CaseCause


def list_causes(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """All causes, retired ones among them, in the order in which they were added."""
    by: list[Any] = [CaseCause.case_cause_id]
    return read_page(session, select(CaseCause), by=by, limit=limit, after=after)
