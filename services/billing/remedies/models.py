"""The table of remedies that were refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class RefusedRemedy(Base, AccountOwned):
    """A remedy that could not be credited. It is answered once, whatever becomes possible later."""

    __tablename__ = "refused_remedy"

    remedy_id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    reason: Mapped[str]
    refused_at: Mapped[datetime]
