"""The table of series."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.activities.rules import ActivityKind
from services.accounts.base import Base, choice
from services.accounts.calendars.rules import Weekday
from services.accounts.series.rules import Recurrence, Unit


class ActivitySeries(Base, Aggregate, AccountOwned):
    """Activities of an account that come again, at a time of day on the business' clocks, until somebody
    ends it or `until` is over. Without an owner they are the account's owner's."""

    __tablename__ = "activity_series"

    series_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind, name="kind"))
    subject: Mapped[str]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.staff_id"))
    contact_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    minutes: Mapped[int]
    time_of_day: Mapped[time]
    every: Mapped[int]
    unit: Mapped[Unit] = mapped_column(choice(Unit, name="unit"))
    weekday: Mapped[Weekday | None] = mapped_column(choice(Weekday, name="weekday"))
    day_of_month: Mapped[int | None]
    starts_on: Mapped[date]
    until: Mapped[date | None]
    begun_by: Mapped[str]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    @property
    def recurrence(self) -> Recurrence:
        """On which days they are."""
        when = (self.every, self.unit, self.weekday, self.day_of_month, self.starts_on, self.until)
        return Recurrence(*when)
