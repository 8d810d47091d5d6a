"""The table of causes."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.accounts.base import Base, choice
from services.accounts.causes.rules import Party


class CaseCause(Base, Aggregate):
    """What cases come from. A retired one is named by no further diagnosis."""

    __tablename__ = "case_cause"

    case_cause_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    party: Mapped[Party] = mapped_column(choice(Party, name="party"))
    retired_on: Mapped[date | None]
