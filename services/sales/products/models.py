"""The table of products."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.sales.base import Base


class Product(Base, Aggregate):
    """Something that is sold. `unit_price` is net, in minor units of `currency`; `search_key` follows
    from sku and name, for finding. What `is_stocked` is counted in `unit`s; a pack holds `pack_size` of
    them."""

    __tablename__ = "product"
    __table_args__ = (
        Index(
            "ix_product_search_pieces",
            "search_key",
            postgresql_using="gin",
            postgresql_ops={"search_key": "gin_trgm_ops"},
        ),
    )

    product_id: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_price: Mapped[int]
    currency: Mapped[str]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    is_active: Mapped[bool]
    search_key: Mapped[str]
    is_stocked: Mapped[bool] = mapped_column(server_default=text("false"))
    unit: Mapped[str] = mapped_column(server_default=text("'piece'"))
    pack_size: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("1"))
