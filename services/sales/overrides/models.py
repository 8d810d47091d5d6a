"""The table of overrides."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class CreditOverride(Base, AccountOwned):
    """One order may be confirmed although a limit speaks against it: up to `gross`, in minor units of
    `currency`, until a day, that one included, and once."""

    __tablename__ = "credit_override"

    override_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    currency: Mapped[str]
    gross: Mapped[int]
    reason: Mapped[str]
    until: Mapped[date]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str]
    used_at: Mapped[datetime | None]
