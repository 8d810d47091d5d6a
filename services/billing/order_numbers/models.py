"""The table of what clients call their orders."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class OrderNumber(Base, AccountOwned):
    """What the client calls an order, as its newest amendment says; orders that were never amended are
    not here. `version` is the order's."""

    __tablename__ = "order_number"

    order_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    client_order_number: Mapped[str | None]
