"""The table of orders: billing's own copy, kept by events."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class Order(Base, AccountOwned):
    """Whose order it is; `version` is the version the copy was made of. Of orders that billing knew by
    their shipments only, it may not know number and currency. Of one that is ended, completed or
    cancelled, nothing is left to be shipped."""

    __tablename__ = "sales_order"

    order_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str | None]
    currency: Mapped[str | None]
    is_ended: Mapped[bool] = mapped_column(server_default=text("false"))
