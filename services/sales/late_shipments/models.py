"""The tables of late shipments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.sales.base import Base


class LateShipment(Base, Aggregate, AccountOwned):
    """What of an order line was not picked shortly before its promised day; once for each day that it was
    promised for. Its version is that of the reason to contact the account."""

    __tablename__ = "late_shipment"
    __table_args__ = (
        Index("uq_late_shipment_promise", "line_id", "promised_on", unique=True),
        Index(
            "ix_late_shipment_standing",
            "order_id",
            postgresql_where=text("status IN ('due', 'told')"),
        ),
        Index("ix_late_shipment_promised_on", "promised_on", "late_shipment_id"),
    )

    late_shipment_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"))
    order_number: Mapped[str]
    line_id: Mapped[str] = mapped_column(ForeignKey("order_line.line_id"))
    sku: Mapped[str]
    description: Mapped[str]
    promised_on: Mapped[date]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    reason: Mapped[str]
    sentence: Mapped[str]
    status: Mapped[str]
    noted_on: Mapped[date]
    noted_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None]
    note: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class PromiseSettings(Base):
    """How many business days before a promised day a line that is not picked is late; the one row."""

    __tablename__ = "promise_settings"

    settings_id: Mapped[str] = mapped_column(primary_key=True)
    lead_days: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
