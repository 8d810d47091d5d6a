"""The tables of inbound calls, and of how soon each tier is called back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.accounts.rules import Tier
from services.accounts.base import Base, choice
from services.accounts.calls.rules import CallStatus, call_status


class Call(Base, Aggregate, AccountOwned):
    """A call that came in. Without an account it is nobody's yet; without a number, it was withheld. Of
    one that was missed, `staff_id` is whom it was for, and `due_at` until when they are called back."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_account_id_rung_at", "account_id", "rung_at"),
        Index("ix_call_rung_at", "rung_at", "call_id"),
        Index("ix_call_unknown", "rung_at", "call_id", postgresql_where=text("account_id IS NULL")),
        Index(
            "ix_call_to_call_back",
            "account_id",
            postgresql_where=text("answered_at IS NULL AND called_back_at IS NULL"),
        ),
    )

    call_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("account.account_id"), index=False
    )
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.contact_id"))
    phone: Mapped[str | None]
    rung_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.staff_id"))
    minutes: Mapped[int | None]
    due_at: Mapped[datetime | None]
    called_back_at: Mapped[datetime | None]
    called_back_by: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    assigned_by: Mapped[str | None]
    assigned_at: Mapped[datetime | None]

    @property
    def status(self) -> CallStatus:
        """What became of it."""
        return call_status(answered_at=self.answered_at, called_back_at=self.called_back_at)


class CallbackTime(Base):
    """How soon accounts of a tier are called back, in minutes of working time."""

    __tablename__ = "callback_time"

    tier: Mapped[Tier] = mapped_column(choice(Tier, name="tier"), primary_key=True)
    minutes: Mapped[int]
