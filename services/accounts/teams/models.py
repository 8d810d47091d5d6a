"""The tables of teams and of who is in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.accounts.base import Base, choice
from services.accounts.periods.rules import Status


class Team(Base, Aggregate):
    """People who look after accounts together, until it is closed."""

    __tablename__ = "team"

    team_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    closed_on: Mapped[date | None]


class TeamMember(Base, Aggregate):
    """One person's time in a team, the first day and the last included; ended, never deleted."""

    __tablename__ = "team_member"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="until_after_from"),)

    membership_id: Mapped[str] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.team_id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    status: Mapped[Status] = mapped_column(choice(Status, name="status"))

    @property
    def is_standing(self) -> bool:
        """Whether they are in the team now, and see its accounts."""
        return self.status == Status.STANDING
