"""The tables of shipments and their lines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import NATURAL, AccountOwned
from services.sales.base import Base
from services.sales.orders.models import OrderLine

shipment_number = Sequence("shipment_number", start=100001, metadata=Base.metadata)


class Shipment(Base, AccountOwned):
    """Goods that have left; never changed afterwards. Totals are in minor units of `currency`, added up
    and rounded as an order's are."""

    __tablename__ = "shipment"

    shipment_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        NATURAL, unique=True, server_default=text("'SH-' || nextval('shipment_number')")
    )
    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), index=True)
    currency: Mapped[str]
    shipped_on: Mapped[date]
    total_net: Mapped[int]
    total_gross: Mapped[int]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]

    lines: Mapped[list[ShipmentLine]] = relationship(
        order_by="ShipmentLine.position", lazy="selectin"
    )


class ShipmentLine(Base):
    """What was sent of one order line."""

    __tablename__ = "shipment_line"

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.shipment_id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("order_line.line_id"), primary_key=True)
    position: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))

    order_line: Mapped[OrderLine] = relationship(lazy="joined", innerjoin=True)
