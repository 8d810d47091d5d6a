"""Credit notes, their lines and their totals by rate of tax."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import Aggregate
from services.billing.allocations.models import Allocatable
from services.billing.base import Base
from services.billing.credits.rules import credit_note_status
from services.billing.ledger.rules import LedgerAccount
from services.billing.taxes.rules import legal_texts

_STANDS = text("voided_on IS NULL")


class CreditNote(Base, Aggregate, Allocatable):
    """Lowers what is owed, on the invoice it names or on whatever it is allocated to. `taken_back` is
    what of it was billed ahead of shipping and is so no longer. One that
    stands is for a remedy that accounts granted, a part of a return that sales accepted (one for each
    invoice that had billed it), a dispute that collections upheld. `waived` is what it forgives of what
    paying late costs."""

    __tablename__ = "credit_note"
    __table_args__ = (
        Index(
            "ix_credit_note_unapplied",
            *("account_id", "currency"),
            postgresql_where=text("unapplied > 0"),
        ),
        Index("ix_credit_note_issued_on", "issued_on"),
        Index(
            "ix_credit_note_voided_on",
            "voided_on",
            postgresql_where=text("voided_on IS NOT NULL"),
        ),
        CheckConstraint("unapplied >= 0 AND refunded >= 0", name="not_negative"),
        CheckConstraint("unapplied + refunded <= total", name="within_total"),
        CheckConstraint("(waived = 0) = (fee_id IS NULL)", name="waived"),
        CheckConstraint("net + tax + waived = total AND total > 0", name="total"),
        CheckConstraint("voided_on IS NULL OR unapplied + refunded = 0", name="void"),
        CheckConstraint("(return_id IS NULL) = (return_part IS NULL)", name="return_part"),
        *(
            Index(f"uq_credit_note_{name}", name, unique=True, postgresql_where=_STANDS)
            for name in ("remedy_id", "dispute_id")
        ),
        Index(
            "uq_credit_note_return_id",
            *("return_id", "return_part", "invoice_id"),
            unique=True,
            postgresql_where=text("voided_on IS NULL AND return_id IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    ledger_account = LedgerAccount.CREDITS

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)
    for_account_id: Mapped[str | None]
    number: Mapped[str] = mapped_column(unique=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"), index=True)
    order_id: Mapped[str | None]
    remedy_id: Mapped[str | None]
    return_id: Mapped[str | None]
    return_part: Mapped[int | None]
    dispute_id: Mapped[str | None]
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
    voided_on: Mapped[date | None]
    voided_by: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]

    lines: Mapped[list[CreditNoteLine]] = relationship(order_by="CreditNoteLine.position")
    rates: Mapped[list[CreditNoteRate]] = relationship(
        order_by="[CreditNoteRate.tax_percent, CreditNoteRate.tax_code]"
    )

    @property
    def keys(self) -> dict[str, str | None]:
        return {"payment_id": None, "credit_note_id": self.credit_note_id}

    @property
    def status(self) -> str:
        return credit_note_status(is_void=self.is_void, unapplied=self.unapplied)

    @property
    def legal_texts(self) -> list[dict[str, str]]:
        """What must stand on it by law, by code of tax."""
        return legal_texts(self.rates)

    @property
    def is_void(self) -> bool:
        return self.voided_on is not None


class CreditNoteLine(Base):
    """What a credit note is for, net: a line of its own or, where it lowers an invoice by lines, what it
    credits of which. A price reduction leaves the quantity billed. One of a billable takes off what
    was to be taken off a bill."""

    __tablename__ = "credit_note_line"

    credit_note_id: Mapped[str] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    unit_price: Mapped[int]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    tax_code: Mapped[str]
    exemption_reason: Mapped[str | None]
    net: Mapped[int]
    invoice_position: Mapped[int | None]
    order_line_id: Mapped[str | None]
    is_price_reduction: Mapped[bool] = mapped_column(server_default=false())
    billable_id: Mapped[str | None] = mapped_column(ForeignKey("billable.billable_id"))


class CreditNoteRate(Base):
    """What a credit note comes to at one rate of tax, by percent and code."""

    __tablename__ = "credit_note_rate"

    credit_note_id: Mapped[str] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), primary_key=True
    )
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3), primary_key=True)
    tax_code: Mapped[str] = mapped_column(primary_key=True)
    exemption_reason: Mapped[str | None]
    net: Mapped[int]
    tax: Mapped[int]
