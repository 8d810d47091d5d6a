"""The table of reorder levels."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.sales.base import Base


class ReorderLevel(Base, Aggregate):
    """Once no more than `reorder_at` is available of a product, it is to be ordered anew:
    `order_quantity` of it, where that is said."""

    __tablename__ = "reorder_level"
    __table_args__ = (CheckConstraint("reorder_at >= 0", name="reorder_at"),)

    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), primary_key=True)
    reorder_at: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    order_quantity: Mapped[Decimal | None] = mapped_column(Numeric(13, 3))
