"""The declarative base of billing's tables."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from chassis.database import COLUMN_TYPES, new_metadata


class Base(DeclarativeBase):
    """What billing stores."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
