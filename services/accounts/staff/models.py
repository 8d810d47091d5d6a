"""The table of staff."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.accounts.base import Base, choice
from services.accounts.staff.rules import Role


class Staff(Base, Aggregate):
    """A person who works here. Active until `left_on` is set."""

    __tablename__ = "staff"

    staff_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)  # in lower case
    role: Mapped[Role] = mapped_column(choice(Role, name="role"))
    reports_to_id: Mapped[str | None] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    left_on: Mapped[date | None]

    @property
    def is_active(self) -> bool:
        """Whether the person still works here."""
        return self.left_on is None
