"""The tables of what onboarding requires and of what an account's checklist holds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.base import Base
from services.accounts.onboarding.rules import ItemStatus, item_status


class OnboardingRequirement(Base, Aggregate):
    """What is asked of every account that begins onboarding, until it is retired."""

    __tablename__ = "onboarding_requirement"

    onboarding_requirement_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    needs_expiry: Mapped[bool]
    holds_business: Mapped[bool] = mapped_column(default=False, server_default=false())
    retired_on: Mapped[date | None]


class ChecklistItem(Base, Aggregate, AccountOwned):
    """One thing to be settled before an account becomes active; what a requirement asked, or asked of
    this account alone. Each completion and waiver is announced, so the timeline keeps them all."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        Index(
            "ix_checklist_item_holding",
            "account_id",
            "expires_on",
            postgresql_where=text("holds_business"),
        ),
    )

    checklist_item_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    onboarding_requirement_id: Mapped[str | None] = mapped_column(
        ForeignKey("onboarding_requirement.onboarding_requirement_id")
    )
    name: Mapped[str]
    needs_expiry: Mapped[bool]
    holds_business: Mapped[bool] = mapped_column(default=False, server_default=false())
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    document: Mapped[str | None]
    collected_by: Mapped[str | None]
    file_id: Mapped[str | None]
    file_sha256: Mapped[str | None]
    file_media_type: Mapped[str | None]
    expires_on: Mapped[date | None]
    waived_at: Mapped[datetime | None]
    waived_by: Mapped[str | None]
    waived_reason: Mapped[str | None]

    def status_on(self, day: date) -> ItemStatus:
        """Where the item stands on a day."""
        return item_status(
            is_completed=self.completed_at is not None,
            is_waived=self.waived_at is not None,
            expires_on=self.expires_on,
            today=day,
        )
