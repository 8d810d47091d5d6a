"""The tables of counts: what is counted, and each quantity that was entered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Sequence, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import NATURAL, Aggregate
from services.sales.base import Base
from services.sales.count_settings.rules import Tolerances
from services.sales.counts.rules import Books, CountStatus
from services.sales.products.models import Product

count_number = Sequence("count_number", start=100001, metadata=Base.metadata)
_STATUSES = ", ".join(f"'{status}'" for status in CountStatus)


class StockCount(Base, Aggregate):
    """A count of some products at one place; without a place, of what lies in none. Its tolerances are
    those of the day it was opened. `plan_id` is the plan that made it due."""

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        Index("ix_stock_count_plan", "plan_id"),
    )

    count_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        NATURAL, unique=True, server_default=text("'CT-' || nextval('count_number')")
    )
    status: Mapped[str]
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.place_id"))
    plan_id: Mapped[str | None]
    is_blind: Mapped[bool]
    note: Mapped[str | None]
    tolerance_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    cost_tolerances: Mapped[dict[str, int]] = mapped_column(JSONB)
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    counted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approval_reason: Mapped[str | None]
    posted_on: Mapped[date | None]
    posted_at: Mapped[datetime | None]
    posted_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancel_reason: Mapped[str | None]

    lines: Mapped[list[CountLine]] = relationship(order_by="CountLine.position")

    @property
    def tolerances(self) -> Tolerances:
        """What its lines may be off."""
        return Tolerances(self.tolerance_percent, self.cost_tolerances)


class CountLine(Base):
    """A product of a count. `counted` is what was entered last, `counted_on` the day, by the clocks of
    the business; none while it is to be counted, again after a recount was asked for. `approved` is what
    was off when it was approved. What it is judged by is kept when it is posted."""

    __tablename__ = "stock_count_line"
    __table_args__ = (
        UniqueConstraint("count_id", "product_id", name="uq_stock_count_line_product"),
        CheckConstraint("counted >= 0", name="counted"),
    )

    line_id: Mapped[str] = mapped_column(primary_key=True)
    count_id: Mapped[str] = mapped_column(ForeignKey("stock_count.count_id"), index=True)
    position: Mapped[int]
    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), index=True)
    value_class: Mapped[str | None]
    due_on: Mapped[date]
    counted: Mapped[Decimal | None] = mapped_column(Numeric(13, 3))
    counted_on: Mapped[date | None]
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[str | None]
    recount_reason: Mapped[str | None]
    approved: Mapped[Decimal | None] = mapped_column(Numeric(13, 3))
    expected: Mapped[Decimal | None] = mapped_column(Numeric(13, 3))
    moved_since: Mapped[Decimal | None] = mapped_column(Numeric(13, 3))
    unit_cost: Mapped[Decimal | None] = mapped_column(Numeric(19, 6))
    currency: Mapped[str | None]

    product: Mapped[Product] = relationship(lazy="joined", innerjoin=True)

    @property
    def books(self) -> Books | None:
        """What the books said when it was posted; None before."""
        if self.expected is None or self.moved_since is None or self.unit_cost is None:
            return None
        return Books(self.expected, self.moved_since, self.unit_cost, self.currency)


class CountEntry(Base):
    """A quantity that somebody entered, first or again; never changed."""

    __tablename__ = "stock_count_entry"

    entry_id: Mapped[str] = mapped_column(primary_key=True)
    count_id: Mapped[str] = mapped_column(ForeignKey("stock_count.count_id"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("stock_count_line.line_id"))
    counted: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    counted_at: Mapped[datetime]
    counted_by: Mapped[str]
