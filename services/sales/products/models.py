"""The table of products."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Numeric
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.sales.base import Base


class Product(Base, Aggregate):
    """Something that is sold. `unit_price` is net, in minor units of `currency`."""

    __tablename__ = "product"

    product_id: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_price: Mapped[int]
    currency: Mapped[str]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    is_active: Mapped[bool]
