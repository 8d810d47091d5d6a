"""The declarative base of this service's tables, and how they store choices."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.database import service_base

Base = service_base()


def choice(of: type[StrEnum], *, name: str) -> Enum:
    """The type of a column that holds one of the values of `of`: text, checked by the database."""
    return Enum(
        of, name=name, native_enum=False, create_constraint=True, length=40, values_callable=_values
    )


def choices(of: type[StrEnum]) -> ARRAY[StrEnum]:
    """The type of a column that holds several of the values of `of`."""
    return ARRAY(Enum(of, native_enum=False, length=40, values_callable=_values))


def _values(of: type[StrEnum]) -> list[str]:
    return [member.value for member in of]
