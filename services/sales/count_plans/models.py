"""The table of count plans."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.sales.base import Base
from services.sales.count_plans.rules import PlanStatus

_STATUSES = ", ".join(f"'{status}'" for status in PlanStatus)


class CountPlan(Base, Aggregate):
    """What is kept in stock is counted so many days after it was counted last, by its class at the place;
    without days it is not. At most `lines_per_day` products are due on one day. `parked_on` is the
    day on which it failed last, if it did since it went well."""

    __tablename__ = "count_plan"
    __table_args__ = (CheckConstraint(f"status IN ({_STATUSES})", name="status"),)

    plan_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.place_id"))
    basis: Mapped[str]
    a_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    b_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    a_days: Mapped[int | None]
    b_days: Mapped[int | None]
    c_days: Mapped[int | None]
    is_blind: Mapped[bool]
    lines_per_day: Mapped[int]
    starts_on: Mapped[date]
    parked_on: Mapped[date | None]
    parked_reason: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
