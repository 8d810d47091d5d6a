"""The table of what was agreed, version by version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class OrderVersion(Base, AccountOwned):
    """What an order was from then on: the first, as it was confirmed, and one for each amendment. Only
    the client's acceptance comes later. Amounts are in minor units of `currency`."""

    __tablename__ = "order_version"

    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str]
    total_net: Mapped[int]
    total_gross: Mapped[int]
    reason: Mapped[str | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    accepted_by: Mapped[str | None]
    accepted_on: Mapped[date | None]
    accepted_how: Mapped[str | None]
    acceptance_at: Mapped[datetime | None]
    acceptance_by: Mapped[str | None]
