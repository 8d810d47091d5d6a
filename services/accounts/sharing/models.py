"""The tables of who looks after accounts beside their owners, and of whose work is looked at."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.base import Base, choice
from services.accounts.periods.rules import Status
from services.accounts.staff.rules import Role


class Sharing(Base, Aggregate, AccountOwned):
    """A helper's time with an account, or a team's, from the first day to the last, both included;
    ended, never deleted. `name` is what the helper or the team was called when it was agreed.
    `to_look_at` counts what a helper recorded since the owner looked last, where their work needs it."""

    __tablename__ = "sharing"
    __table_args__ = (
        CheckConstraint("(staff_id IS NULL) <> (team_id IS NULL)", name="helper_or_team"),
        CheckConstraint("until_on >= from_on", name="until_after_from"),
        Index(
            "uq_sharing_team",
            "account_id",
            unique=True,
            postgresql_where=text("team_id IS NOT NULL AND status <> 'ended'"),
        ),
    )

    sharing_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.team_id"), index=True)
    name: Mapped[str]
    purpose: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    status: Mapped[Status] = mapped_column(choice(Status, name="status"))
    needs_look: Mapped[bool]
    to_look_at: Mapped[int]
    to_look_at_since: Mapped[date | None]
    looked_at_by: Mapped[str | None]
    looked_at: Mapped[datetime | None]
    agreed_by: Mapped[str]
    agreed_at: Mapped[datetime]

    @property
    def is_standing(self) -> bool:
        """Whether the account is seen by it now."""
        return self.status == Status.STANDING


class RoleLook(Base):
    """Whether the work of helpers with a role needs the owner's look, unless it is said for the one."""

    __tablename__ = "role_look"

    role: Mapped[Role] = mapped_column(choice(Role, name="role"), primary_key=True)
    needs_look: Mapped[bool]
