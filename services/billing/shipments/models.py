"""The table of what was shipped."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class ShippedLine(Base, AccountOwned):
    """How much of an order line went with a shipment, also of goods given away (at a price of 0); never
    changed. Of what was shipped long ago the order line and the shipment's number may not be known."""

    __tablename__ = "shipped_line"
    __table_args__ = (
        Index(
            "ix_shipped_line_order_line_id",
            "order_line_id",
            postgresql_where=text("order_line_id IS NOT NULL"),
        ),
    )

    shipment_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    shipment_number: Mapped[str | None]
    order_id: Mapped[str] = mapped_column(index=True)
    order_line_id: Mapped[str | None]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    unit_price: Mapped[int]
    recorded_at: Mapped[datetime]
