"""The declarative base of this service's tables, and how they store choices."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase

from chassis.database import COLUMN_TYPES, new_metadata


class Base(DeclarativeBase):
    """What accounts stores."""

    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


def choice(of: type[StrEnum], *, name: str) -> Enum:
    """The type of a column that holds one of the values of `of`: text, checked by the database."""
    return Enum(
        of, name=name, native_enum=False, create_constraint=True, length=40, values_callable=_values
    )


def choices(of: type[StrEnum]) -> ARRAY[Any]:
    """The type of a column that holds several of the values of `of`."""
    return ARRAY[Any](Enum(of, native_enum=False, length=40, values_callable=_values))


def _values(of: type[StrEnum]) -> list[str]:
    return [member.value for member in of]
