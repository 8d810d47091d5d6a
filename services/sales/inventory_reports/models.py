"""The tables of inventory reports; nothing in them changes once it is written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base


class InventoryReport(Base):
    """What there was at the end of a month, of which `month` is the first day, as known at `known_at`.
    `sha256` is that of its lines as CSV; `values` are sums by currency."""

    __tablename__ = "inventory_report"

    inventory_report_id: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(unique=True)
    until_on: Mapped[date]
    known_at: Mapped[datetime]
    previous_report_id: Mapped[str | None] = mapped_column(
        ForeignKey("inventory_report.inventory_report_id")
    )
    is_by_hand: Mapped[bool]
    lines: Mapped[int]
    values: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class InventoryLine(Base):
    """A product at a place; without a place, in none. All that people read of it is kept as it was. What
    moved is signed: what went out is below nothing."""

    __tablename__ = "inventory_line"
    __table_args__ = (Index("ix_inventory_line_product", "product_id", "place_id"),)

    inventory_report_id: Mapped[str] = mapped_column(
        ForeignKey("inventory_report.inventory_report_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[str]
    place_id: Mapped[str | None]
    place: Mapped[str | None]
    sku: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    opening: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    receipts: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    shipments: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    returns: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    scrap: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    transfers: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    corrections: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    should_be: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    variance: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    on_hand: Mapped[Decimal] = mapped_column(Numeric(19, 3))
    unit_cost: Mapped[Decimal] = mapped_column(Numeric(19, 6))
    currency: Mapped[str]
    value: Mapped[int]
    variance_value: Mapped[int]
    last_counted: Mapped[Decimal | None] = mapped_column(Numeric(13, 3))
    last_counted_on: Mapped[date | None]
    last_counted_by: Mapped[str | None]
    last_count: Mapped[str | None]


class InventoryCorrection(Base):
    """What became known of an earlier month, of which `corrects` is the first day; none for days before
    those of the first report."""

    __tablename__ = "inventory_correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["inventory_report_id", "line"],
            ["inventory_line.inventory_report_id", "inventory_line.position"],
        ),
    )

    inventory_report_id: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    corrects: Mapped[date | None]
    quantity: Mapped[Decimal] = mapped_column(Numeric(19, 3))
