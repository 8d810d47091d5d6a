"""Reads of onboarding. Where an item stands depends on the day, so it is computed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.accounts.onboarding.models import ChecklistItem, OnboardingRequirement


def list_checklist_items(
    session: Session, *, account_id: str, limit: int, after: str | None, today: date
) -> dict[str, Any]:
    """The account's checklist, by name."""
    items = select(ChecklistItem).where(ChecklistItem.account_id == account_id)
    by = [ChecklistItem.name, ChecklistItem.checklist_item_id]
    page = read_page(session, items, by=by, limit=limit, after=after)
    return page | {"items": [with_status(item, today) for item in page["items"]]}


def list_requirements(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """What is and was asked of every account, by name."""
    by = [OnboardingRequirement.name, OnboardingRequirement.onboarding_requirement_id]
    return read_page(session, select(OnboardingRequirement), by=by, limit=limit, after=after)


def with_status(item: ChecklistItem, today: date) -> dict[str, Any]:
    """An item with where it stands today."""
    columns = {column.key: getattr(item, column.key) for column in ChecklistItem.__table__.columns}
    return columns | {"status": item.status_on(today)}
