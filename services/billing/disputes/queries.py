"""Reads of disputes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.credits.models import CreditNote
from services.billing.disputes.models import Dispute
from services.billing.disputes.rules import divide
from services.billing.items.models import Item


def sum_contested(session: Session, *, item_ids: Collection[str]) -> dict[str, int]:
    """What is contested of these items, those without any dispute left out."""
    sums = session.execute(
        select(Dispute.item_id, func.sum(Dispute.contested))
        .where(Dispute.item_id.in_(item_ids))
        .group_by(Dispute.item_id)
    )
    return {item_id: int(contested) for item_id, contested in sums}


def find_disputes(session: Session, *, dispute_ids: Collection[str]) -> dict[str, Dispute]:
    """The disputes with these ids, as they are now."""
    found = session.scalars(
        select(Dispute)
        .where(Dispute.dispute_id.in_(dispute_ids))
        .execution_options(populate_existing=True)
    )
    return {dispute.dispute_id: dispute for dispute in found}


def list_disputes(
    session: Session, *, item_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of an item's disputes in the order in which they were opened, each with what became of its
    amount."""
    earlier = (
        select(
            Dispute.dispute_id,
            (
                func.sum(Dispute.contested).over(order_by=Dispute.dispute_id) - Dispute.contested
            ).label("earlier"),
        )
        .where(Dispute.item_id == item_id)
        .subquery()
    )
    statement = (
        select(Dispute, Item, CreditNote, earlier.c.earlier)
        .join(earlier, earlier.c.dispute_id == Dispute.dispute_id)
        .join(Item, Item.item_id == Dispute.item_id)
        .outerjoin(
            CreditNote,
            and_(CreditNote.dispute_id == Dispute.dispute_id, CreditNote.voided_on.is_(None)),
        )
    )
    page = read_page(session, statement, by=[Dispute.dispute_id], limit=limit, after=after)
    return {**page, "items": [_tell(row) for row in page["items"]]}


def _tell(row: Row[Any]) -> dict[str, Any]:
    dispute, note = row.Dispute, row.CreditNote
    parts = divide(
        dispute.amount,
        contested=dispute.contested,
        earlier=int(row.earlier),
        disputed=row.Item.disputed,
        credited=0 if note is None else note.total,
    )
    facts = {column.key: getattr(dispute, column.key) for column in Dispute.__table__.columns}
    return {**facts, **asdict(parts), "credit_note_id": note and note.credit_note_id}
