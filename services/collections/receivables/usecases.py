"""Keeping the copy of open items, and who speaks to the client about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from chassis.bulk import keep_newest
from services.collections.receivables.models import Receivable
from services.collections.receivables.rules import newest


def keep_items(session: Session, *, account_id: str, items: Sequence[dict[str, Any]]) -> bool:
    """Store what billing says of an account's items; whether any of it was news."""
    rows = [{"account_id": account_id, **item} for item in newest(items)]
    return bool(keep_newest(session, Receivable, rows))


def open_items(
    session: Session, *, account_id: str, issued_on: date, items: Sequence[dict[str, Any]]
) -> None:
    """Store an invoice's items, in the order of its instalments, with their place among others. What was
    paid before we heard of the invoice gets its place too."""
    placed = [
        {"account_id": account_id, **item, "issued_on": issued_on, "position": position}
        for position, item in enumerate(items, start=1)
    ]
    news = {row.item_id for row in keep_newest(session, Receivable, placed)}
    place = ("item_id", "issued_on", "position")
    known = [{name: item[name] for name in place} for item in placed if item["item_id"] not in news]
    if known:
        session.execute(update(Receivable), known)


def hand_over(session: Session, *, item_ids: Collection[str]) -> None:
    """From now on only whoever took the placement speaks to the client about these items."""
    _set_voice(session, item_ids, is_in_collections=True)


def take_back(session: Session, *, item_ids: Collection[str]) -> None:
    """From now on these items are dunned by the procedure again."""
    _set_voice(session, item_ids, is_in_collections=False)


def _set_voice(session: Session, item_ids: Collection[str], *, is_in_collections: bool) -> None:
    session.execute(
        update(Receivable)
        .where(Receivable.item_id.in_(item_ids))
        .values(is_in_collections=is_in_collections)
    )
