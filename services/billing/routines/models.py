"""The table of routines, with their history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base
from services.billing.policies.rules import AllocationPolicy


class BillingRoutine(Base, AccountOwned):
    """What is agreed with an account, until the row of the next version; appended, never edited."""

    __tablename__ = "billing_routine"

    account_id: Mapped[str] = mapped_column(primary_key=True, index=False)
    version: Mapped[int] = mapped_column(primary_key=True)
    payment_terms_id: Mapped[str | None] = mapped_column(
        ForeignKey("payment_terms.payment_terms_id")
    )
    kind: Mapped[str | None]
    pay_day: Mapped[int | None]
    weekday: Mapped[str | None]
    weeks: Mapped[int | None]
    amount: Mapped[int | None]
    currency: Mapped[str | None]
    months_off: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    bill_day: Mapped[int | None]
    allocation_policy: Mapped[str] = mapped_column(server_default=AllocationPolicy.OLDEST_DUE)
    bills: Mapped[str] = mapped_column(server_default=text("'per_shipment'"))
    statement_day: Mapped[int | None]
    statements: Mapped[str] = mapped_column(server_default=text("'by_account'"))
    reason: Mapped[str | None]
    set_at: Mapped[datetime | None]
    set_by: Mapped[str | None]
