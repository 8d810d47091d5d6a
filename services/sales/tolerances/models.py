"""The tables of tolerances."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class ProductTolerance(Base):
    """What is tolerated of a product, in factors of what was ordered."""

    __tablename__ = "product_tolerance"

    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"), primary_key=True)
    under: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    over: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class AccountTolerance(Base, AccountOwned):
    """What is agreed with a client, in factors of what was ordered."""

    __tablename__ = "account_tolerance"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    under: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    over: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
