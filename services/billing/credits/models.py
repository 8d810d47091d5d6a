"""Credit notes, their lines and their totals by rate of tax."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import Aggregate
from services.billing.allocations.models import Allocatable
from services.billing.base import Base
from services.billing.credits.rules import credit_note_status
from services.billing.ledger.rules import LedgerAccount


class CreditNote(Base, Aggregate, Allocatable):
    """Lowers what is owed, on the invoice it names or on whatever it is allocated to. `taken_back` is
    what of it was billed ahead of shipping and is so no longer. `remedy_id` is what accounts
    granted and it carries out; `waived` is what it forgives of what paying late costs."""

    __tablename__ = "credit_note"
    __table_args__ = (
        CheckConstraint("unapplied >= 0 AND refunded >= 0", name="not_negative"),
        CheckConstraint("unapplied + refunded <= total", name="within_total"),
        CheckConstraint("(waived = 0) = (fee_id IS NULL)", name="waived"),
        CheckConstraint("net + tax + waived = total AND total > 0", name="total"),
    )
    ledger_account = LedgerAccount.CREDITS

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"), index=True)
    order_id: Mapped[str | None]
    remedy_id: Mapped[str | None] = mapped_column(unique=True)
    taken_back: Mapped[int] = mapped_column(server_default=text("0"))
    issued_on: Mapped[date]
    net: Mapped[int]
    tax: Mapped[int]
    waived: Mapped[int] = mapped_column(server_default=text("0"))
    fee_id: Mapped[str | None] = mapped_column(index=True)
    total: Mapped[int]
    reason: Mapped[str]
    issued_by: Mapped[str]
    recorded_at: Mapped[datetime]

    lines: Mapped[list[CreditNoteLine]] = relationship(order_by="CreditNoteLine.position")
    rates: Mapped[list[CreditNoteRate]] = relationship(order_by="CreditNoteRate.tax_percent")

    @property
    def keys(self) -> dict[str, str | None]:
        return {"payment_id": None, "credit_note_id": self.credit_note_id}

    @property
    def status(self) -> str:
        return credit_note_status(unapplied=self.unapplied)


class CreditNoteLine(Base):
    """What a free-standing credit note is for, net."""

    __tablename__ = "credit_note_line"

    credit_note_id: Mapped[str] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    unit_price: Mapped[int]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    net: Mapped[int]


class CreditNoteRate(Base):
    """What a credit note comes to at one rate of tax."""

    __tablename__ = "credit_note_rate"

    credit_note_id: Mapped[str] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), primary_key=True
    )
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3), primary_key=True)
    net: Mapped[int]
    tax: Mapped[int]
