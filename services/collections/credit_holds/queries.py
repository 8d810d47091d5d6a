"""Reading credit holds, and whom one may concern."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, aliased

from chassis.database import Planned
from chassis.pages import read_page
from services.collections.credit_holds.models import CreditHold
from services.collections.dunning.models import Notice, NoticeItem
from services.collections.receivables.models import Receivable
from services.collections.receivables.rules import ItemStatus
from services.collections.runs.rules import NoticeStatus

_OTHER = aliased(CreditHold)
LAST = select(CreditHold).where(
    CreditHold.number
    == select(func.max(_OTHER.number))
    .where(_OTHER.account_id == CreditHold.account_id)
    .scalar_subquery()
)
"""The last credit hold of each account."""

_WARNED = (
    select(NoticeItem.account_id, NoticeItem.item_id)
    .join(Notice, Notice.notice_id == NoticeItem.notice_id)
    .join(Receivable, Receivable.item_id == NoticeItem.item_id)
    .where(
        Notice.holds_orders,
        NoticeItem.status == NoticeStatus.SENT,
        Receivable.status == ItemStatus.OPEN,
        Receivable.due_date == NoticeItem.due_date,
    )
)
_STANDING = select(CreditHold).where(CreditHold.lifted_at.is_(None))
_CONCERNED = Planned.of(
    union(
        _WARNED.with_only_columns(NoticeItem.account_id, maintain_column_froms=True),
        _STANDING.with_only_columns(CreditHold.account_id),
    )
)


def read_concerned(session: Session) -> list[str]:
    """The accounts that were warned or have a hold in force, by id."""
    return sorted(row.account_id for row in _CONCERNED.read(session))


def read_warned_items(session: Session, *, account_ids: Collection[str]) -> dict[str, set[str]]:
    """Open items for which a notice that holds orders was sent since their due date, by account."""
    statement = _WARNED.where(NoticeItem.account_id.in_(account_ids))
    warned: dict[str, set[str]] = {}
    for account_id, item_id in session.execute(statement):
        warned.setdefault(account_id, set()).add(item_id)
    return warned


def read_standing(session: Session, *, account_ids: Collection[str]) -> dict[str, CreditHold]:
    """The holds in force, by account."""
    statement = _STANDING.where(CreditHold.account_id.in_(account_ids))
    return {hold.account_id: hold for hold in session.scalars(statement)}


def read_numbers(session: Session, *, account_ids: Collection[str]) -> dict[str, int]:
    """How many holds these accounts have had."""
    numbers = session.execute(
        select(CreditHold.account_id, func.max(CreditHold.number))
        .where(CreditHold.account_id.in_(account_ids))
        .group_by(CreditHold.account_id)
    ).all()
    return dict(numbers)


def list_credit_holds(
    session: Session,
    *,
    account_id: str | None,
    is_standing: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Credit holds by account."""
    statement = select(CreditHold)
    if account_id is not None:
        statement = statement.where(CreditHold.account_id == account_id)
    if is_standing is not None:
        statement = statement.where(CreditHold.lifted_at.is_(None) == is_standing)
    return read_page(
        session,
        statement,
        by=[CreditHold.account_id, CreditHold.number],
        limit=limit,
        after=after,
    )
