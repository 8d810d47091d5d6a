"""Reading placements, and what goes into their packages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from chassis.database import fetch
from chassis.pages import read_page
from services.collections.accounts.models import Account
from services.collections.dunning.models import Notice, NoticeItem
from services.collections.placements.models import Placement, PlacementItem
from services.collections.receivables.models import Receivable
from services.collections.runs.rules import NoticeStatus


def get_placement(session: Session, *, placement_id: str) -> dict[str, Any]:
    """A placement with its package, what is still open of it, and how it came where it is."""
    fetch(session, Placement, placement_id)
    placement = session.scalars(
        select(Placement)
        .where(Placement.placement_id == placement_id)
        .options(selectinload(Placement.moves))
    ).one()
    open_amount = session.scalar(
        select(func.coalesce(func.sum(Receivable.balance), 0))
        .join(PlacementItem, PlacementItem.item_id == Receivable.item_id)
        .where(PlacementItem.placement_id == placement_id)
    )
    facts = {column.key: getattr(placement, column.key) for column in Placement.__table__.columns}
    return {**facts, "open": open_amount, "moves": placement.moves}


def list_placements(
    session: Session, *, account_id: str | None, status: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Placements, the newest first."""
    statement = select(Placement)
    if account_id is not None:
        statement = statement.where(Placement.account_id == account_id)
    if status is not None:
        statement = statement.where(Placement.status == status)
    return read_page(
        session,
        statement,
        by=[Placement.placement_id],
        limit=limit,
        after=after,
        is_descending=True,
    )


def read_placed_items(session: Session, *, item_ids: Collection[str]) -> set[str]:
    """Those of the items that are in a placement which stands."""
    if not item_ids:
        return set()
    return set(
        session.scalars(
            select(PlacementItem.item_id).where(
                PlacementItem.is_standing, PlacementItem.item_id.in_(item_ids)
            )
        )
    )


def read_accounts(session: Session, *, account_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What a package says of the accounts."""
    accounts = session.scalars(select(Account).where(Account.account_id.in_(account_ids)))
    return {
        account.account_id: {
            "number": account.number,
            "name": account.name,
            "language": account.language,
            "email": account.email,
        }
        for account in accounts
    }


def read_sent_notices(
    session: Session, *, item_ids: Collection[str]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What a package says of the notices sent for the items, by account and currency."""
    notices = session.scalars(
        select(Notice)
        .where(
            Notice.notice_id.in_(
                select(NoticeItem.notice_id).where(
                    NoticeItem.item_id.in_(item_ids), NoticeItem.status == NoticeStatus.SENT
                )
            )
        )
        .order_by(Notice.sent_at, Notice.notice_id)
    )
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for notice in notices:
        assert notice.sent_on is not None, "sent"
        found.setdefault((notice.account_id, notice.currency), []).append(
            {
                "notice_id": notice.notice_id,
                "level": notice.level,
                "level_name": notice.level_name,
                "sent_on": notice.sent_on.isoformat(),
                "channel": notice.channel,
                "recipient": notice.recipient,
                "total": notice.total,
            }
        )
    return found
