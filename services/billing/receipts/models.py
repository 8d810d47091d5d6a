"""The numbers of receipts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class Receipt(Base, AccountOwned):
    """The number of a payment's receipt, fixed when it is asked for first; the rest is the payment's."""

    __tablename__ = "receipt"

    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.payment_id"), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    issued_on: Mapped[date]
    issued_by: Mapped[str]
    recorded_at: Mapped[datetime]
