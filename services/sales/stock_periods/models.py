"""The table of closed periods."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base


class StockPeriod(Base):
    """All days up to `closed_to` are closed; never opened again. The last one counts."""

    __tablename__ = "stock_period"

    closed_to: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[str]
