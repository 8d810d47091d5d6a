"""The table of what is to be billed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base

_IS_PENDING = text("quantity <> cancelled + billed")


class Billable(Base, AccountOwned):
    """A quantity to be billed from `bill_on` on: `cancelled` of it is not to be billed any more, `billed`
    is on invoices that are not void (or taken off by credit notes), the rest pending. A quantity below 0
    takes something off.

    `key` says what it is of, so that it is there once. Whoever cancels or bills holds the balance of its
    account and currency; who adds needs no lock."""

    __tablename__ = "billable"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN quantity > 0 THEN least(cancelled, billed, quantity - cancelled - billed) >= 0"
            " ELSE quantity < 0 AND greatest(cancelled, billed, quantity - cancelled - billed) <= 0 END",
            name="parts",
        ),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint(
            "(service_from IS NULL) = (service_until IS NULL) AND service_from <= service_until",
            name="service",
        ),
        Index("ix_billable_pending", "account_id", "bill_on", postgresql_where=_IS_PENDING),
        Index("ix_billable_account_id", "account_id", "billable_id"),
    )

    billable_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    currency: Mapped[str]
    charge_id: Mapped[str | None] = mapped_column(index=True)
    shipment_id: Mapped[str | None]
    order_id: Mapped[str | None] = mapped_column(index=True)
    order_line_id: Mapped[str | None] = mapped_column(index=True)
    client_order_number: Mapped[str | None]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    unit_price: Mapped[int]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    tax_code: Mapped[str]
    exemption_reason: Mapped[str | None]
    service_from: Mapped[date | None]
    service_until: Mapped[date | None]
    bill_on: Mapped[date]
    cancelled: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("0"))
    billed: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("0"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]

    pending: Mapped[Decimal] = column_property(quantity - cancelled - billed)
