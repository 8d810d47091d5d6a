"""The tables of reservations and of when orders are reserved."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class StockReservation(Base, AccountOwned):
    """What an order line wants of the stock, and how much of that is `reserved` for it; the rest waits
    for goods to come in. Changed only while the product's level is locked."""

    __tablename__ = "stock_reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND reserved >= 0 AND reserved <= quantity", name="reserved"),
        Index(
            "ix_stock_reservation_waiting",
            "product_id",
            text("promised_on NULLS LAST"),
            "wanted_at",
            "line_id",
            postgresql_where=text("reserved < quantity"),
        ),
    )

    line_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    reserved: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    promised_on: Mapped[date | None]
    wanted_at: Mapped[datetime]


class StockSetting(Base):
    """How stock is kept, until the row of the next version; appended, never edited."""

    __tablename__ = "stock_setting"

    version: Mapped[int] = mapped_column(primary_key=True)
    reserves_at: Mapped[str]
    set_at: Mapped[datetime | None]
    set_by: Mapped[str | None]
