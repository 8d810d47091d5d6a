"""The declarative base of the tables of collections."""

from sqlalchemy.orm import DeclarativeBase

from chassis.database import COLUMN_TYPES, new_metadata


class Base(DeclarativeBase):
    """What collections stores."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES
