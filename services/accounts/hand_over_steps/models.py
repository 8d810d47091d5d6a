"""The table of the accounts of hand-overs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base, choice
from services.accounts.hand_over_steps.rules import AccountStatus


class HandOverAccount(Base, AccountOwned):
    """An account in a hand-over: its pack as it was frozen, what was missing where it was returned, why
    it is parked. `sharing_id` is by what the successor sees it while it is offered."""

    __tablename__ = "hand_over_account"
    __table_args__ = (
        Index(
            "uq_hand_over_account_waiting",
            "account_id",
            unique=True,
            postgresql_where=text("status IN ('drafted', 'packed', 'offered')"),
        ),
        Index("ix_hand_over_account_status", "hand_over_id", "status", "account_id"),
    )

    hand_over_id: Mapped[str] = mapped_column(
        ForeignKey("hand_over.hand_over_id"), primary_key=True
    )
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), primary_key=True)
    status: Mapped[AccountStatus] = mapped_column(choice(AccountStatus, name="status"))
    pack: Mapped[str | None]
    sha256: Mapped[str | None]
    packed_at: Mapped[datetime | None]
    sharing_id: Mapped[str | None]
    owner_id: Mapped[str | None]  # who owns it since it was accepted or returned
    missing: Mapped[str | None]
    parked_reason: Mapped[str | None]
    moved_by: Mapped[str]
    moved_at: Mapped[datetime]
