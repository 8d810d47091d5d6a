"""The table of addresses."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.addresses.rules import AddressKind
from services.accounts.base import Base, choice


class Address(Base, Aggregate, AccountOwned):
    """A postal address of an account, valid from the first day to the last, both included; ended, never
    deleted. One that was replaced on its first day ends the day before it and is valid on none."""

    __tablename__ = "address"

    address_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    kind: Mapped[AddressKind] = mapped_column(choice(AddressKind, name="kind"))
    recipient: Mapped[str | None]
    street: Mapped[list[str]] = mapped_column(ARRAY(Text))
    district: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str]
    country_name: Mapped[str]
    lines: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
