"""Reading stock moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_only
from chassis.pages import read_page
from services.sales.products.models import Product
from services.sales.stock.models import StockMove

SAME = ("product_id", "place_id", "about", "kind", "status")


def get_move(session: Session, *, move_id: str) -> StockMove:
    """One move."""
    return fetch_only(session, StockMove, move_id)


def list_moves(
    session: Session,
    *,
    moved_from: date | None,
    moved_to: date | None,
    limit: int,
    after: str | None,
    **same: str | None,
) -> dict[str, Any]:
    """A page of moves, the last day first, and of a day what was entered last."""
    statement = select(StockMove)
    for name in SAME:
        if same[name] is not None:
            statement = statement.where(getattr(StockMove, name) == same[name])
    if same["product_id"] is not None:
        fetch(session, Product, same["product_id"])
    if moved_from is not None:
        statement = statement.where(StockMove.moved_on >= moved_from)
    if moved_to is not None:
        statement = statement.where(StockMove.moved_on <= moved_to)
    by = [StockMove.moved_on, StockMove.move_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)
