"""The table of what was told last of each reason of our own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class ToldReason(Base, AccountOwned):
    """A reason of our own to contact an account, as it was announced last; kept when it is settled, for
    its version."""

    __tablename__ = "told_reason"

    account_id: Mapped[str] = mapped_column(primary_key=True, index=False)
    reason: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_standing: Mapped[bool]
    since: Mapped[date]
    sentence: Mapped[str]
    amount: Mapped[int | None]
    currency: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    channel: Mapped[str | None]
    earliest: Mapped[datetime | None]
    to_staff_id: Mapped[str | None]
