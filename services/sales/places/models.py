"""The table of places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import NATURAL, Aggregate
from services.sales.base import Base


class Place(Base, Aggregate):
    """Where goods are kept. What moves without a place is in the one store."""

    __tablename__ = "place"

    place_id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(NATURAL, unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
