"""Reads of onboarding. Where an item stands depends on the day, so it is computed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, literal_column, or_, select, union
from sqlalchemy.orm import Session

from chassis.database import Planned
from chassis.pages import read_page
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Status
from services.accounts.onboarding import rules
from services.accounts.onboarding.models import ChecklistItem, OnboardingRequirement
from services.accounts.reasons.models import ToldReason
from services.accounts.reasons.rules import Kind


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


def find_holding(session: Session, account_id: str, *, today: date) -> Sequence[ChecklistItem]:
    """The items whose documents have expired, and without which there is no business."""
    item = ChecklistItem
    return session.scalars(
        select(item)
        .where(
            item.account_id == account_id,
            item.holds_business,
            item.expires_on < today,
            item.waived_at.is_(None),
        )
        .order_by(item.name, item.checklist_item_id)
    ).all()


def with_status(item: ChecklistItem, today: date) -> dict[str, Any]:
    """An item with where it stands today."""
    columns = {column.key: getattr(item, column.key) for column in ChecklistItem.__table__.columns}
    return columns | {"status": item.status_on(today)}


def find_doubtful(session: Session, *, today: date) -> Sequence[str]:
    """Accounts that are stuck in onboarding, or are said to be: on most days none."""
    return [row.account_id for row in _DOUBTFUL.read(session, today=today)]


def find_stuck(session: Session, *, account_ids: Collection[str], today: date) -> dict[str, date]:
    """Which of these are too long in onboarding with an incomplete checklist, and since when."""
    stuck = _stuck(today).where(Account.account_id.in_(account_ids))
    return {row.account_id: row.status_since_on for row in session.execute(stuck)}


def _stuck(today: date | ColumnElement[date]) -> Select[str, date]:
    item = ChecklistItem
    unsettled = select(item).where(
        item.account_id == Account.account_id,
        item.waived_at.is_(None),
        or_(item.completed_at.is_(None), item.expires_on < today),
    )
    return select(Account.account_id, Account.status_since_on).where(
        Account.status == Status.ONBOARDING,
        Account.status_since_on < today - timedelta(days=rules.DAYS_MAX),
        unsettled.exists(),
    )


_SAID = select(ToldReason.account_id).where(
    ToldReason.reason == Kind.ONBOARDING_STUCK, ToldReason.is_standing
)
_STUCK_TODAY = _stuck(literal_column(":today", Date)).subquery()
_FOUND = union(_SAID, select(_STUCK_TODAY.c.account_id)).subquery()
_DOUBTFUL = Planned.of(select(_FOUND.c.account_id).order_by(_FOUND.c.account_id), today="date")
