"""The copy of sales' orders."""

from __future__ import annotations

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class AccountOrder(Base, AccountOwned):
    """An order as sales last told. `total_gross` is in minor units; none where only its end was heard
    of."""

    __tablename__ = "account_order"
    __table_args__ = (
        Index(
            "ix_account_order_running",
            "account_id",
            "number",
            postgresql_where=text("NOT is_ended"),
        ),
    )

    order_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    version: Mapped[int]
    number: Mapped[str]
    currency: Mapped[str]
    total_gross: Mapped[int | None]
    is_ended: Mapped[bool]
