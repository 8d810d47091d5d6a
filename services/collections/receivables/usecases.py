"""Keeping the copy of open items, and who speaks to the client about them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.collections.receivables.models import Receivable


def keep_items(session: Session, changes: Rows) -> set[str]:
    """Store what billing says of accounts' items; the accounts of which any of it was news."""
    rows = [
        {"account_id": change["account_id"], **item}
        for change in changes
        for item in change["items"]
    ]
    return keep_introduced_items(session, rows)


def keep_introduced_items(session: Session, rows: Rows) -> set[str]:
    """Store items as billing tells them, one by one; the accounts of which any of it was news."""
    account_of = {row["item_id"]: row["account_id"] for row in rows}
    return {account_of[row.item_id] for row in keep_newest(session, Receivable, rows)}


def open_items(session: Session, invoices: Rows) -> None:
    """Store invoices' items, in the order of their instalments, with their place among others. What was
    paid before we heard of the invoice gets its place too."""
    placed = [
        {
            "account_id": invoice["account_id"],
            **item,
            "issued_on": invoice["issued_on"],
            "position": position,
        }
        for invoice in invoices
        for position, item in enumerate(invoice["items"], start=1)
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
