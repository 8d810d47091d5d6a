"""Table: credit holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.collections.base import Base
from services.collections.credit_holds.rules import lifted_version, placed_version


class CreditHold(Base, AccountOwned):
    """An account got no orders from `placed_at` to `lifted_at`; `number` counts the account's."""

    __tablename__ = "credit_hold"
    __table_args__ = (
        Index(
            "uq_credit_hold_standing",
            "account_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    account_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    placed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str | None]

    @property
    def is_placed(self) -> bool:
        """Whether it still stands."""
        return self.lifted_at is None

    @property
    def version(self) -> int:
        """The version of the last that was told of it."""
        told = placed_version if self.is_placed else lifted_version
        return told(self.number)

    @property
    def last_reason(self) -> str:
        """Why it was placed; once it is lifted, why that was."""
        return self.lifted_reason or self.reason
