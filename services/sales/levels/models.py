"""The table of levels."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base


class StockLevel(Base):
    """What is on hand of a product that is kept in stock: the sum of its done moves. `reserved` is the
    sum of its reservations, `value` that of what its moves were worth, in minor units of the product's
    currency; `average_cost` is of one unit, none as long as no cost is known. `version` counts moves.
    Whoever moves or reserves locks the row first, several in the order of their products."""

    __tablename__ = "stock_level"
    __table_args__ = (
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved"),
        CheckConstraint("on_hand >= 0 AND value >= 0", name="on_hand"),
    )

    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), primary_key=True)
    on_hand: Mapped[Decimal] = mapped_column(Numeric(16, 3))
    reserved: Mapped[Decimal] = mapped_column(Numeric(16, 3))
    value: Mapped[int]
    average_cost: Mapped[Decimal | None] = mapped_column(Numeric(28, 9))
    version: Mapped[int]
