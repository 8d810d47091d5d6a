"""Reads of letters on their way."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.notices.models import Notice


def find_on_its_way(session: Session, *, item_ids: Collection[str]) -> str | None:
    """The first letter about any of the items that is approved and neither sent nor dropped."""
    return session.scalar(
        select(Notice.notice_id)
        .where(Notice.is_ended.is_(False), Notice.item_ids.overlap(list(item_ids)))
        .order_by(Notice.notice_id)
        .limit(1)
    )
