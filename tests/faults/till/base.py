"""The declarative base of the till's tables."""

from sqlalchemy.orm import DeclarativeBase

from chassis.database import COLUMN_TYPES, new_metadata


class Base(DeclarativeBase):
    """What the till stores."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
