"""The table of disputes: billing's own copy, kept by events."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class Dispute(Base, AccountOwned):
    """What is contested of an item, gross; `version` is the version the copy was made of. Decisions are
    answered up to that of `answered_version`; `refusal` says why the last was not credited."""

    __tablename__ = "dispute"
    __table_args__ = (CheckConstraint("amount >= 0 AND contested >= 0", name="not_negative"),)

    dispute_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    item_id: Mapped[str] = mapped_column(ForeignKey("item.item_id"), index=True)
    currency: Mapped[str]
    amount: Mapped[int]
    contested: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str]
    answered_version: Mapped[int] = mapped_column(server_default=text("0"))
    refusal: Mapped[str | None]
