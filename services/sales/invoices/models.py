"""The copy of billing's invoices for orders."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base


class OrderInvoice(Base):
    """An invoice for a shipment, or for an order without a shipment (ahead of it). Void and issue may
    arrive in either order: a void one may not be known to belong to any order."""

    __tablename__ = "order_invoice"

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str | None] = mapped_column(index=True)
    shipment_id: Mapped[str | None]
    currency: Mapped[str | None]
    total: Mapped[int | None]
    is_void: Mapped[bool]
