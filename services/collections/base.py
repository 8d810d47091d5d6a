"""The declarative base of this service's tables, and how a copy takes a newer snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Session

from chassis.database import COLUMN_TYPES, new_metadata


class Base(DeclarativeBase):
    """What collections stores."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


def store_newer(
    session: Session, model: type[Any], rows: Sequence[dict[str, Any]]
) -> list[Row[Any]]:
    """Store snapshots in a local copy where they are newer (by `version`) than what it has.

    Events come twice and in any order; the copy is the same afterwards. `rows` name each thing once.
    Returns the keys of what changed."""
    if not rows:
        return []
    table = model.__table__
    keys = list(table.primary_key.columns)
    statement = insert(table)
    stored = session.execute(
        statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: statement.excluded[name] for name in rows[0]},
            where=statement.excluded.version > table.c.version,
        ).returning(*keys),
        rows,
    )
    return list(stored)
