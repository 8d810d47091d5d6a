"""The copy of suspensions."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from kernel.calendar import add_days
from services.billing.base import Base
from services.billing.courses.rules import Rest


class Suspension(Base, AccountOwned):
    """An account has no service from one day on, until the day before another."""

    __tablename__ = "suspension"

    suspension_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    suspended_on: Mapped[date]
    resumed_on: Mapped[date | None]
    reason: Mapped[str]

    @property
    def rest(self) -> Rest:
        return Rest(self.suspended_on, self.resumed_on and add_days(self.resumed_on, -1))
