"""The table of stops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class OrderStop(Base, AccountOwned):
    """An order of which nothing more is shipped until it fits the credit limit again or somebody
    releases it. `count` counts the order's stops; at most the last stands. `gross` is what was open of it
    when it was stopped, in minor units of `currency`."""

    __tablename__ = "order_stop"
    __table_args__ = (
        Index(
            "uq_order_stop_standing",
            "account_id",
            "order_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), primary_key=True)
    count: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    currency: Mapped[str]
    gross: Mapped[int]
    reason: Mapped[str]
    stopped_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]  # none: it fits again
    release_reason: Mapped[str | None]
