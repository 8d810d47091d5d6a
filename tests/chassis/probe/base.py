"""The declarative base of the probe's tables."""

from sqlalchemy.orm import DeclarativeBase

from chassis.database import COLUMN_TYPES, new_metadata


class Base(DeclarativeBase):
    """What the probe stores."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
