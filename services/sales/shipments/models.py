"""The tables of shipments and their lines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.sales.base import Base
from services.sales.orders.models import OrderLine

shipment_number = Sequence("shipment_number", start=100001, metadata=Base.metadata)


class Shipment(Base, Aggregate, AccountOwned):
    """Goods that are to leave or have left. Totals are in minor units of `currency`, added up and rounded
    as an order's are. Until it has left `shipped_on` is the day it is to leave, and `sent_at` and
    `sent_by` say who drafted it."""

    __tablename__ = "shipment"
    __table_args__ = (
        Index(
            "ix_shipment_planned",
            "order_id",
            postgresql_where=text("status IN ('draft', 'assigned', 'picked')"),
        ),
        Index("ix_shipment_shipped_on", "shipped_on", "number"),
    )

    shipment_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        NATURAL, unique=True, server_default=text("'SH-' || nextval('shipment_number')")
    )
    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), index=True)
    status: Mapped[str]
    currency: Mapped[str]
    shipped_on: Mapped[date]
    total_net: Mapped[int]
    total_gross: Mapped[int]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    assigned_at: Mapped[datetime | None]
    assigned_by: Mapped[str | None]
    picked_at: Mapped[datetime | None]
    picked_by: Mapped[str | None]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
    delivered_on: Mapped[date | None]
    received_by: Mapped[str | None]
    proof: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancel_reason: Mapped[str | None]

    lines: Mapped[list[ShipmentLine]] = relationship(
        order_by="ShipmentLine.position", lazy="selectin"
    )


class ShipmentLine(Base):
    """How much of an order line is to leave or has left."""

    __tablename__ = "shipment_line"

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.shipment_id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(
        ForeignKey("order_line.line_id"), primary_key=True, index=True
    )
    position: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))

    order_line: Mapped[OrderLine] = relationship(lazy="joined", innerjoin=True)


class ShipmentRest(Base):
    """What of a line of its order was still to come as a shipment left, and by when it was promised
    then."""

    __tablename__ = "shipment_rest"

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.shipment_id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(
        ForeignKey("order_line.line_id"), primary_key=True, index=True
    )
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    promised_on: Mapped[date | None]
