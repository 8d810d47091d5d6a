"""The table of what clients have said of being contacted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.accounts.rules import Channel
from services.accounts.base import Base, choice


class Consent(Base, AccountOwned):
    """A client agreed to be contacted by a channel, or does not any more; appended, never edited."""

    __tablename__ = "consent"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, name="channel"))
    is_given: Mapped[bool]
    since: Mapped[datetime]
    how: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
