"""The table of how long returns are waited for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base
from services.sales.return_settings.rules import ReturnDays


class ReturnSetting(Base):
    """The days that hold until the row of the next version; appended, never edited."""

    __tablename__ = "return_setting"

    version: Mapped[int] = mapped_column(primary_key=True)
    request_days: Mapped[int]
    send_days: Mapped[int]
    transit_days: Mapped[int]
    answer_days: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[str]

    @property
    def days(self) -> ReturnDays:
        """As a value."""
        return ReturnDays(
            request_days=self.request_days,
            send_days=self.send_days,
            transit_days=self.transit_days,
            answer_days=self.answer_days,
        )
