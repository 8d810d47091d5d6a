"""The table of what is to be billed in all of orders that are billed on order."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Numeric
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class OrderBillable(Base, AccountOwned):
    """How much of an order line is to be billed in all, before what came back, and what is billed beyond
    that and stays so; as the order's newest `version` says. Lines of orders billed as they are shipped
    are not here."""

    __tablename__ = "order_billable"

    order_line_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    position: Mapped[int]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    kept: Mapped[Decimal] = mapped_column(Numeric(13, 3))
