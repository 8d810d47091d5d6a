"""The tables of targets, and of the clocks of cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.accounts.rules import Tier
from services.accounts.base import Base, choice
from services.accounts.clocks.rules import Clock, Kind, Priority


class CaseTarget(Base):
    """In how many working minutes cases of a kind, priority and tier are to be dealt with, where that is
    not as usual; no minutes: that clock is not kept."""

    __tablename__ = "case_target"

    kind: Mapped[Kind] = mapped_column(choice(Kind, name="kind"), primary_key=True)
    priority: Mapped[Priority] = mapped_column(choice(Priority, name="priority"), primary_key=True)
    tier: Mapped[Tier] = mapped_column(choice(Tier, name="tier"), primary_key=True)
    first_response: Mapped[int | None]
    update: Mapped[int | None]
    solution: Mapped[int | None]


class CaseClock(Base, AccountOwned):
    """A clock of a case: since when it counts, to how many working minutes, and when these are over; that
    has no moment while the client is waited for. Begun anew it is the same clock, and once missed it
    stays so."""

    __tablename__ = "case_clock"
    __table_args__ = (
        CheckConstraint("target_minutes > 0", name="target_minutes_positive"),
        Index("ix_case_clock_due_at", "due_at", postgresql_where=text("ended_at IS NULL")),
    )

    account_id: Mapped[str] = mapped_column(index=False)
    case_id: Mapped[str] = mapped_column(primary_key=True)
    clock: Mapped[Clock] = mapped_column(choice(Clock, name="clock"), primary_key=True)
    target_minutes: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    is_missed: Mapped[bool]

    def is_over(self, now: datetime) -> bool:
        """Whether it runs, and its time has passed."""
        return self.ended_at is None and self.due_at is not None and self.due_at <= now

    @property
    def is_told(self) -> bool:
        """Whether it runs and has warned or escalated."""
        return self.due_at is not None and self.warned_at is not None
