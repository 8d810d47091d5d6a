"""Invoices, their lines and their totals by rate of tax. Once issued, only amounts still owed change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import AccountOwned, Aggregate
from services.billing.base import Base
from services.billing.invoices.rules import InvoiceStatus, invoice_status, kind_of
from services.billing.items.models import Item
from services.billing.taxes.rules import Rounding, legal_texts


class Invoice(Base, Aggregate, AccountOwned):
    """A demand. `balance` is the sum of its items' balances, `credited` that of its credit notes,
    `written_off` what of it was given up,
    `settled_on` the last day on which something set against it took effect. `taken_off` is what was
    billed ahead of a shipment and is no longer demanded with it.

    A debit note is an invoice in a series of its own. Either it raises another (`raises_invoice_id`), as
    more is owed for what that sold; or it sells nothing and claims back (`reclaimed`) what was refunded
    out of money that turned out not to be there, by the refund and the reversal of the payment. A fee,
    interest or letter sells nothing either: it demands what was `assessed` with a notice.

    `tax_rounding` is what its tax was rounded by when it was written; credit notes of it go on so.

    `account_id` is who pays it, `for_account_id` for whom it is where that is somebody else.

    A draft that a billing run made and a person edited says so in `edited_by`: it is theirs from then on.

    `terms` are those given with the draft, by name or by themselves; without any, the account's count at
    issue."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("number", "series"),
        CheckConstraint("balance BETWEEN 0 AND total", name="balance"),
        CheckConstraint("credited BETWEEN 0 AND total", name="credited"),
        CheckConstraint("written_off BETWEEN 0 AND total - balance", name="written_off"),
        CheckConstraint("net + tax + reclaimed + assessed = total AND total >= 0", name="total"),
        CheckConstraint("(reclaimed = 0) = (refund_id IS NULL)", name="reclaimed"),
        CheckConstraint("(assessed = 0) = (fee_id IS NULL)", name="assessed"),
        CheckConstraint("taken_off >= 0 AND total + taken_off > 0", name="taken_off"),
        CheckConstraint("issued_on IS NULL OR number IS NOT NULL", name="numbered"),
        Index("ix_invoice_issued_on", "issued_on"),
        Index(
            "ix_invoice_shipment_id",
            "shipment_id",
            postgresql_where=text("shipment_id IS NOT NULL"),
        ),
        Index(
            "uq_invoice_billed_shipment",
            "shipment_id",
            unique=True,
            postgresql_where=text("voided_on IS NULL"),
        ),
        Index(
            "ix_invoice_draft",
            "account_id",
            "currency",
            postgresql_where=text("issued_on IS NULL"),
        ),
        Index("ix_invoice_voided_on", "voided_on", postgresql_where=text("voided_on IS NOT NULL")),
        Index("ix_invoice_of_account", "account_id", "currency", "issued_on"),
        Index(
            "ix_invoice_for_account_id",
            "for_account_id",
            postgresql_where=text("for_account_id IS NOT NULL"),
        ),
    )

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)  # ix_invoice_of_account begins with it
    for_account_id: Mapped[str | None]
    series: Mapped[str]
    number: Mapped[str | None]
    currency: Mapped[str]
    issued_on: Mapped[date | None]
    net: Mapped[int]
    tax: Mapped[int]
    total: Mapped[int]
    balance: Mapped[int]
    credited: Mapped[int]
    written_off: Mapped[int] = mapped_column(server_default=text("0"))
    taken_off: Mapped[int] = mapped_column(server_default=text("0"))
    reclaimed: Mapped[int] = mapped_column(server_default=text("0"))
    refund_id: Mapped[str | None] = mapped_column(index=True)
    reversal_id: Mapped[str | None] = mapped_column(index=True)
    payment_terms_id: Mapped[str | None] = mapped_column(
        ForeignKey("payment_terms.payment_terms_id")
    )
    assessed: Mapped[int] = mapped_column(server_default=text("0"))
    fee_id: Mapped[str | None] = mapped_column(index=True)
    notice_id: Mapped[str | None]
    tax_rounding: Mapped[str] = mapped_column(server_default=Rounding.DOCUMENT)
    billing_run_id: Mapped[str | None] = mapped_column(index=True)
    terms: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    shipment_id: Mapped[str | None]
    order_id: Mapped[str | None] = mapped_column(index=True)
    client_order_number: Mapped[str | None]
    raises_invoice_id: Mapped[str | None] = mapped_column(
        ForeignKey("invoice.invoice_id"), index=True
    )
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    edited_by: Mapped[str | None]
    edited_at: Mapped[datetime | None]
    issued_by: Mapped[str | None]
    recorded_at: Mapped[datetime | None]
    settled_on: Mapped[date | None]
    voided_on: Mapped[date | None]
    voided_by: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]

    lines: Mapped[list[InvoiceLine]] = relationship(
        foreign_keys="InvoiceLine.invoice_id",
        order_by="InvoiceLine.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    rates: Mapped[list[InvoiceRate]] = relationship(
        order_by="[InvoiceRate.tax_percent, InvoiceRate.tax_code]",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    items: Mapped[list[Item]] = relationship(viewonly=True, order_by=Item.position)

    @property
    def status(self) -> str:
        return invoice_status(
            is_issued=self.issued_on is not None,
            is_void=self.is_void,
            balance=self.balance,
            written_off=self.written_off,
        )

    @property
    def is_void(self) -> bool:
        return self.voided_on is not None

    @property
    def kind(self) -> str:
        return kind_of(self.series)

    @property
    def paid_on(self) -> date | None:
        return self.settled_on if self.status == InvoiceStatus.PAID else None

    @property
    def legal_texts(self) -> list[dict[str, str]]:
        """What must stand on it by law, by code of tax."""
        return legal_texts(self.rates)

    @property
    def name(self) -> str:
        """What to call it to a person."""
        return self.number or self.invoice_id


class InvoiceLine(Base):
    """What is demanded for what, net; or what of an invoice made ahead is taken off."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        Index(
            "ix_invoice_line_taken_off",
            "invoice_id",
            postgresql_where=text("net < 0 AND advance_id IS NULL"),
        ),
        Index(
            "ix_invoice_line_order_line_id",
            "order_line_id",
            postgresql_where=text("order_line_id IS NOT NULL"),
        ),
    )

    invoice_id: Mapped[str] = mapped_column(
        ForeignKey("invoice.invoice_id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    unit_price: Mapped[int]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    tax_code: Mapped[str]
    exemption_reason: Mapped[str | None]
    net: Mapped[int]
    advance_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"))
    order_line_id: Mapped[str | None]
    billable_id: Mapped[str | None] = mapped_column(ForeignKey("billable.billable_id"))
    service_from: Mapped[date | None]
    service_until: Mapped[date | None]
    shipment_id: Mapped[str | None]


class InvoiceRate(Base):
    """What an invoice comes to at one rate of tax, by percent and code."""

    __tablename__ = "invoice_rate"

    invoice_id: Mapped[str] = mapped_column(
        ForeignKey("invoice.invoice_id", ondelete="CASCADE"), primary_key=True
    )
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3), primary_key=True)
    tax_code: Mapped[str] = mapped_column(primary_key=True)
    exemption_reason: Mapped[str | None]
    net: Mapped[int]
    tax: Mapped[int]
