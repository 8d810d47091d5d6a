"""The copies of billing's invoices and credit notes for orders."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class OrderInvoice(Base, AccountOwned):
    """An invoice for a shipment, for an order without a shipment (ahead of it), or for several shipments
    of orders (BilledShipment), by the account that it is for, where that is one, else by who pays it.
    Void and issue may arrive in either order: a void one may not be known to belong to any order.
    `taken_off` is what was billed ahead of the shipment and is not billed with it."""

    __tablename__ = "order_invoice"

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str | None] = mapped_column(index=True)
    shipment_id: Mapped[str | None]
    currency: Mapped[str | None]
    total: Mapped[int | None]
    taken_off: Mapped[int] = mapped_column(server_default=text("0"))
    is_void: Mapped[bool]


class BilledShipment(Base):
    """A shipment that an invoice bills among others."""

    __tablename__ = "billed_shipment"

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    shipment_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class OrderCredit(Base, AccountOwned):
    """What a credit note took back of what was billed ahead of an order's shipments."""

    __tablename__ = "order_credit"

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    currency: Mapped[str]
    taken_back: Mapped[int]
