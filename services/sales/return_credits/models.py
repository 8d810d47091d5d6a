"""The tables of what is given for returns, and of the credit notes for them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.sales.base import Base
from services.sales.return_parts.models import ReturnPart


class ReturnAnswer(Base):
    """What is given for a part of a return: a credit that billing is asked for, which it settles, or
    refuses with `problem`; or others in its place, by an order. `fee_percent` is kept back of a
    credit."""

    __tablename__ = "return_answer"
    __table_args__ = (
        ForeignKeyConstraint(["return_id", "part"], ["return_part.return_id", "return_part.part"]),
    )

    return_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    fee_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3), server_default=text("0"))
    order_id: Mapped[str | None]
    problem: Mapped[str | None]
    answered_at: Mapped[datetime]
    answered_by: Mapped[str]
    settled_at: Mapped[datetime | None]

    of: Mapped[ReturnPart] = relationship(lazy="raise")


class ReturnCreditNote(Base):
    """A credit note of billing's that names a part of a return, whoever issued it. Nothing but `is_void`
    may be known of one: it is void before its issue is heard."""

    __tablename__ = "return_credit_note"

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)
    return_id: Mapped[str] = mapped_column(index=True)
    part: Mapped[int]
    number: Mapped[str | None]
    is_void: Mapped[bool] = mapped_column(server_default=text("false"))
