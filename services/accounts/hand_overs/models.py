"""The table of hand-overs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.accounts.base import Base, choice
from services.accounts.hand_over_steps.rules import Action
from services.accounts.hand_overs.rules import Status


class HandOver(Base, Aggregate):
    """A book, or some of its accounts, that goes from one owner to another, until a day that was named.
    `step` is what goes through the accounts just now, asked for by `step_by`, with what is missing."""

    __tablename__ = "hand_over"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="to_another"),)

    hand_over_id: Mapped[str] = mapped_column(primary_key=True)
    from_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    to_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    reason: Mapped[str]
    by_on: Mapped[date]
    status: Mapped[Status] = mapped_column(choice(Status, name="status"))
    step: Mapped[Action | None] = mapped_column(choice(Action, name="step"))
    step_by: Mapped[str | None]
    step_missing: Mapped[str | None]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]
