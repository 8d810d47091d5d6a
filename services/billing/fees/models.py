"""The copy of fees, and what billing made of each."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base
from services.billing.fees.rules import FeeState


class Fee(Base, AccountOwned):
    """A fee as collections last told of it. `invoice_id` is the document that demands it now; none where
    it was waived or refused."""

    __tablename__ = "fee"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    fee_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    told: Mapped[str]
    told_on: Mapped[date]
    kind: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[int]
    notice_id: Mapped[str]
    item_ids: Mapped[list[str]] = mapped_column(JSONB)
    basis: Mapped[str]
    reason: Mapped[str | None]
    invoice_id: Mapped[str | None]

    @property
    def state(self) -> FeeState:
        return FeeState.NOT_OWED if self.invoice_id is None else FeeState.OWED
