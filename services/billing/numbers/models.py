"""The last number given out in each series and year."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from services.billing.base import Base


class NumberSeries(Base):
    """A row is locked from the taking of a number to the commit: that is what leaves no gaps."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
