"""Table: credit holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.collections.base import Base


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
