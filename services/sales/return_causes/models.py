"""The table of remedies that cannot be had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class RefusedRemedy(Base, AccountOwned):
    """A remedy of accounts that was refused, with `code` and `reason`: it is answered."""

    __tablename__ = "refused_remedy"

    remedy_id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    reason: Mapped[str]
    refused_at: Mapped[datetime]
