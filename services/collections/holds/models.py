"""Table: pauses of dunning."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.collections.base import Base


class Hold(Base, Aggregate, AccountOwned):
    """Dunning of an account, or of one of its items, rests from `from_on` to `last_on`.

    `until_on` is what was agreed; `last_on` is the same, unless the hold was lifted before."""

    __tablename__ = "dunning_hold"

    hold_id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str | None]
    reason: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date]
    last_on: Mapped[date]
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
