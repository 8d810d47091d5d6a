"""The tables of what came back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class AcceptedReturn(Base, AccountOwned):
    """Goods that came back and were accepted, one part of a return, as it was answered once: settled, or
    refused by `code` and `reason`. Back they are either way."""

    __tablename__ = "accepted_return"

    return_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    order_id: Mapped[str] = mapped_column(index=True)
    code: Mapped[str | None]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime]


class ReturnedLine(Base):
    """How much of an order line came back."""

    __tablename__ = "returned_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["return_id", "part"], ["accepted_return.return_id", "accepted_return.part"]
        ),
    )

    return_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    order_line_id: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
