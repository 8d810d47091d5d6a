"""The table of tolerances, with their history."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.base import Base


class ToleranceSetting(Base):
    """What is tolerated in a currency, until the row of the next version; appended, never edited."""

    __tablename__ = "tolerance"
    __table_args__ = (CheckConstraint("amount >= 0 AND percent >= 0", name="not_negative"),)

    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    reason: Mapped[str | None]
    set_at: Mapped[datetime | None]
    set_by: Mapped[str | None]
