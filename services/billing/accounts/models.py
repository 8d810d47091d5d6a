"""The table of accounts: billing's own copy, kept by events."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import NATURAL, AccountOwned
from services.billing.base import Base


class Account(Base, AccountOwned):
    """What billing needs to know of an account; `version` is the version the copy was made of. Who pays
    is not known of a copy that was made before accounts told of it: the account itself, then."""

    __tablename__ = "account"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str] = mapped_column(NATURAL)
    status: Mapped[str]
    net_days: Mapped[int]
    country: Mapped[str | None]
    parent_id: Mapped[str | None]
    payer_id: Mapped[str | None]
    order_number_required: Mapped[bool] = mapped_column(server_default=text("false"))
