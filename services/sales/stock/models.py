"""The tables of stock moves and of what they come to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base


class StockMove(Base):
    """So much of a product came in (above 0) or went out (below 0), or is planned to. What is done is
    never changed: another move undoes it. `key` is what caused it, once; `about` the id of that.

    `moved_on` is the day of what is done, else the day it is planned for, which stays in `planned_on`.
    `value` is what it was worth when it was done, in minor units of the product's currency; `unit_cost`
    what one that came in has cost."""

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("quantity <> 0 AND (unit_cost IS NULL OR quantity > 0)", name="quantity"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done"),
        Index(
            "ix_stock_move_done",
            "product_id",
            "moved_on",
            postgresql_include=["quantity", "done_at", "place_id"],
            postgresql_where=text("status = 'done'"),
        ),
        Index(
            "ix_stock_move_planned",
            "product_id",
            "planned_on",
            postgresql_where=text("planned_on IS NOT NULL"),
        ),
        Index(
            "ix_stock_move_done_at",
            "product_id",
            "done_at",
            postgresql_include=["moved_on", "quantity", "value", "place_id"],
            postgresql_where=text("done_at IS NOT NULL"),
        ),
        Index("ix_stock_move_moved_on", "moved_on", "move_id"),
    )

    move_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    kind: Mapped[str]
    status: Mapped[str]
    planned_on: Mapped[date | None]
    moved_on: Mapped[date]
    about: Mapped[str | None] = mapped_column(index=True)
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.place_id"))
    lot: Mapped[str | None]
    note: Mapped[str | None]
    unit_cost: Mapped[int | None]
    value: Mapped[int | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]


class StockMonth(Base):
    """What the done moves of a month come to, of a product at a place ('' without one), so that what is
    on hand on a day needs the moves of one month alone. Changed together with them, while the product's
    level is locked."""

    __tablename__ = "stock_month"

    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(16, 3))
    value: Mapped[int]
