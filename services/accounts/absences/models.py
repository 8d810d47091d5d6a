"""The table of absences."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.accounts.absences.rules import Days, May, Status
from services.accounts.base import Base, choice


class Absence(Base, Aggregate):
    """Somebody is away from the first day to the last, both included, and another stands in for them.
    One that ends early has its last day then."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_after_from"),
        CheckConstraint("delegate_id <> staff_id", name="delegate_is_another"),
    )

    absence_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    delegate_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str]
    may: Mapped[May] = mapped_column(choice(May, name="may"))
    status: Mapped[Status] = mapped_column(choice(Status, name="status"), index=True)
    planned_by: Mapped[str]
    planned_at: Mapped[datetime]

    @property
    def days(self) -> Days:
        """From when to when."""
        return Days(self.from_on, self.until_on)

    @property
    def may_act(self) -> bool:
        """Whether the delegate changes what they see."""
        return self.may == May.ACT

    @property
    def is_standing(self) -> bool:
        """Whether the delegate stands in now."""
        return self.status == Status.AWAY
