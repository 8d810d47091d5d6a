"""The tables of order bills."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import AccountOwned, Aggregate
from services.sales.base import Base


class OrderBill(Base, Aggregate, AccountOwned):
    """What billing is asked to bill of an order: some of its lines, a shipment again, or a deposit; and
    what became of it. `total` is in minor units of `currency`, with tax."""

    __tablename__ = "order_bill"

    bill_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    order_number: Mapped[str]
    client_order_number: Mapped[str | None]
    currency: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    shipment_id: Mapped[str | None]
    percent: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    invoice_id: Mapped[str | None] = mapped_column(index=True)
    invoice_number: Mapped[str | None]
    total: Mapped[int | None]
    code: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]

    lines: Mapped[list[OrderBillLine]] = relationship(
        order_by="OrderBillLine.position", cascade="all, delete-orphan", lazy="selectin"
    )


class OrderBillLine(Base):
    """How much of an order line is to be billed by it."""

    __tablename__ = "order_bill_line"

    bill_id: Mapped[str] = mapped_column(ForeignKey("order_bill.bill_id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
