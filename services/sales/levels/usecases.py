"""Lock levels, and keep what moves and reservations made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple, fields

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_new_rows
from services.sales.levels import queries
from services.sales.levels.models import StockLevel
from services.sales.levels.rules import Level

_LOCK = text(
    """
    SELECT level.product_id, sku, unit, currency, on_hand, reserved, value, average_cost, level.version
    FROM stock_level AS level JOIN product USING (product_id)
    WHERE level.product_id = ANY(:product_ids)
    ORDER BY level.product_id
    FOR NO KEY UPDATE OF level
    """
)
_WRITE = text(
    """
    UPDATE stock_level AS level
    SET on_hand = new.on_hand, reserved = new.reserved, value = new.value,
        average_cost = new.average_cost, version = new.version
    FROM unnest(
        CAST(:product_id AS text[]), CAST(:on_hand AS numeric[]), CAST(:reserved AS numeric[]),
        CAST(:value AS bigint[]), CAST(:average_cost AS numeric[]), CAST(:version AS bigint[])
    ) AS new (product_id, on_hand, reserved, value, average_cost, version)
    WHERE level.product_id = new.product_id
    """
)
_TOLD = tuple(one.name for one in fields(Level))


def lock_levels(session: Session, *, product_ids: Collection[str]) -> dict[str, Level]:
    """The levels of those of the products that are kept in stock, by product, locked in the order of
    their ids until the transaction ends. What is made of them is kept by `write_levels`."""
    wanted = sorted({*product_ids})
    levels = _lock(session, wanted)
    missing = [product_id for product_id in wanted if product_id not in levels]
    stocked = queries.find_stocked(session, product_ids=missing) if missing else []
    if not stocked:
        return levels
    nothing = {"on_hand": 0, "reserved": 0, "value": 0, "version": 0}
    insert_new_rows(session, StockLevel, [{"product_id": each, **nothing} for each in stocked])
    return _lock(session, wanted)


def write_levels(session: Session, levels: Iterable[Level]) -> None:
    """Keep what became of levels that the caller has locked."""
    rows = [astuple(level) for level in levels]
    if rows:
        session.execute(_WRITE, columns(rows, *_TOLD))


def _lock(session: Session, product_ids: list[str]) -> dict[str, Level]:
    if not product_ids:
        return {}
    rows = session.execute(_LOCK, {"product_ids": product_ids})
    return {row.product_id: Level(**row._mapping) for row in rows}
