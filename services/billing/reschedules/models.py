"""The table of what items were before they were rescheduled."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class DueChange(Base, AccountOwned):
    """From one day on an item demands another amount or is due on another day; `version` is the item's
    after that. One that came by rescheduling demanded nothing before, and one that went does so after."""

    __tablename__ = "due_change"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.item_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[str] = mapped_column(index=True)
    old_due_date: Mapped[date | None]
    old_amount: Mapped[int]
    new_due_date: Mapped[date]
    new_amount: Mapped[int]
    reason: Mapped[str]
    changed_on: Mapped[date] = mapped_column(index=True)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    recorded_by: Mapped[str]
