"""Tables: placements, their items, and every move they made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import AccountOwned, Aggregate
from services.collections.base import Base
from services.collections.placements.rules import PlacementStatus

_STATUSES = ", ".join(f"'{status}'" for status in PlacementStatus)


class Placement(Base, Aggregate, AccountOwned):
    """What an account owes in one currency and is to be, or was, handed over."""

    __tablename__ = "placement"
    __table_args__ = (CheckConstraint(f"status IN ({_STATUSES})", name="status"),)

    placement_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]
    amount: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str | None]
    package: Mapped[dict[str, Any]] = mapped_column(JSONB)

    moves: Mapped[list[PlacementMove]] = relationship(
        order_by="PlacementMove.placement_version", lazy="raise"
    )


class PlacementItem(Base, AccountOwned):
    """An item in a placement. While the placement stands no other can have the item."""

    __tablename__ = "placement_item"
    __table_args__ = (
        Index(
            "uq_placement_item_standing",
            "item_id",
            unique=True,
            postgresql_where=text("is_standing"),
        ),
    )

    placement_id: Mapped[str] = mapped_column(
        ForeignKey("placement.placement_id"), primary_key=True
    )
    item_id: Mapped[str] = mapped_column(primary_key=True)
    is_standing: Mapped[bool]


class PlacementMove(Base, AccountOwned):
    """A state a placement came to; kept for ever."""

    __tablename__ = "placement_move"

    placement_id: Mapped[str] = mapped_column(
        ForeignKey("placement.placement_id"), primary_key=True
    )
    placement_version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    reason: Mapped[str | None]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]
