"""The table of what a count may find amiss."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base
from services.sales.count_settings.rules import Tolerances


class CountSetting(Base):
    """The tolerances of counts that are opened until the row of the next version; appended, never edited.
    `cost_tolerances` are minor units by currency."""

    __tablename__ = "count_setting"

    version: Mapped[int] = mapped_column(primary_key=True)
    tolerance_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    cost_tolerances: Mapped[dict[str, int]] = mapped_column(JSONB)
    set_at: Mapped[datetime]
    set_by: Mapped[str]

    @property
    def tolerances(self) -> Tolerances:
        """As a value."""
        return Tolerances(self.tolerance_percent, self.cost_tolerances)
