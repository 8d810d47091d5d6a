"""The tables of activities, of what was said of them, and of what follows which."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.activities.rules import (
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    CountedFrom,
    Direction,
    Way,
)
from services.accounts.base import Base, choice


class Activity(Base, Aggregate, AccountOwned):
    """A call, visit, meeting, e-mail or letter. `at` and `minutes` are as planned, and once it is held as
    it was. What is rescheduled is another activity. `series_on` is its day in a series, however often it
    was rescheduled."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_account_id_at", "account_id", "at"),
        Index("ix_activity_owner_id_at", "owner_id", "at"),
        Index("ix_activity_at", "at", "activity_id"),
        Index("ix_activity_promise", "account_id", "at", postgresql_where=text("promise <> ''")),
        Index(
            "uq_activity_series_planned",
            "series_id",
            unique=True,
            postgresql_where=text("status = 'planned'"),
        ),
    )

    activity_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=False)
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind, name="kind"))
    direction: Mapped[Direction] = mapped_column(choice(Direction, name="direction"))
    status: Mapped[ActivityStatus] = mapped_column(choice(ActivityStatus, name="status"))
    subject: Mapped[str]
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"))
    contact_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    at: Mapped[datetime]
    minutes: Mapped[int]
    planned_at: Mapped[datetime | None]
    outcome: Mapped[ActivityOutcome | None] = mapped_column(choice(ActivityOutcome, name="outcome"))
    note: Mapped[str | None]
    promise: Mapped[str | None]
    reason: Mapped[str | None]  # why it was not held, rescheduled or cancelled
    planned_by: Mapped[str | None]
    closed_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    rescheduled_from_id: Mapped[str | None] = mapped_column(ForeignKey("activity.activity_id"))
    rescheduled_to_id: Mapped[str | None]
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("activity.activity_id"))
    series_id: Mapped[str | None]
    series_on: Mapped[date | None]

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.at + timedelta(minutes=self.minutes)


class ActivityWording(Base, AccountOwned):
    """What was said of an activity that was held, first and with each correction; appended, never
    edited."""

    __tablename__ = "activity_wording"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.activity_id"), index=True)
    account_id: Mapped[str] = mapped_column(index=False)
    outcome: Mapped[ActivityOutcome] = mapped_column(choice(ActivityOutcome, name="outcome"))
    note: Mapped[str | None]
    promise: Mapped[str | None]
    at: Mapped[datetime]
    minutes: Mapped[int]
    contact_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    worded_by: Mapped[str]
    worded_at: Mapped[datetime]


class FollowUp(Base):
    """What follows an activity of a kind with an outcome."""

    __tablename__ = "follow_up_rule"

    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind, name="kind"), primary_key=True)
    outcome: Mapped[ActivityOutcome] = mapped_column(
        choice(ActivityOutcome, name="outcome"), primary_key=True
    )
    way: Mapped[Way] = mapped_column(choice(Way, name="way"))
    next_kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind, name="next_kind"))
    delay_days: Mapped[int]
    counted_from: Mapped[CountedFrom] = mapped_column(choice(CountedFrom, name="counted_from"))
