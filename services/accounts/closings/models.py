"""The tables of attempts to close accounts, and of the answers to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import AccountOwned
from services.accounts.accounts.rules import Status
from services.accounts.base import Base, choice
from services.accounts.closings.rules import ClosingStatus, waits_for


class ClosingAnswer(Base, AccountOwned):
    """What a service said to a closing; each is heard once."""

    __tablename__ = "closing_answer"
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "version"], ["closing.account_id", "closing.version"]),
    )

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    is_agreed: Mapped[bool]
    code: Mapped[str | None]  # of an objection
    reason: Mapped[str]
    answered_at: Mapped[datetime]


class Closing(Base, AccountOwned):
    """An attempt to close an account. `version` is the account's as it began, which answers name;
    `from_status` and `from_since_on` are where the account was before, and goes back to."""

    __tablename__ = "closing"
    __table_args__ = (
        Index(
            "uq_closing_asked", "account_id", unique=True, postgresql_where=text("status = 'asked'")
        ),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[ClosingStatus] = mapped_column(choice(ClosingStatus, name="status"))
    reason: Mapped[str]
    from_status: Mapped[Status] = mapped_column(choice(Status, name="from_status"))
    from_since_on: Mapped[date]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    answers: Mapped[list[ClosingAnswer]] = relationship(
        order_by=ClosingAnswer.service, lazy="selectin", viewonly=True
    )

    @property
    def waits_for(self) -> list[str]:
        """Who has not answered yet, while it is undecided."""
        is_undecided = self.status == ClosingStatus.ASKED
        return waits_for([one.service for one in self.answers]) if is_undecided else []
