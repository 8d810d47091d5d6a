"""The table of promises that were moved."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class PromiseMove(Base, AccountOwned):
    """A line was promised for another day. What it was promised for first is what its first move says."""

    __tablename__ = "promise_move"

    move_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("order_line.line_id"), index=True)
    from_on: Mapped[date | None]
    to_on: Mapped[date]
    reason: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]
