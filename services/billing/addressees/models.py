"""Tables: how accounts are addressed, how they were addressed before, and the people at them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class _Addressed(AccountOwned):
    number: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    email: Mapped[str | None]
    preferred_channel: Mapped[str]
    tax_id: Mapped[str | None]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    invoice_recipients: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Addressee(Base, _Addressed):
    """What documents of an account bear, and who may have them."""

    __tablename__ = "addressee"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]


class FormerAddressee(Base, _Addressed):
    """What we knew of it until `replaced_at`."""

    __tablename__ = "former_addressee"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    replaced_at: Mapped[datetime]


class Contact(Base, AccountOwned):
    """A person at the account."""

    __tablename__ = "contact"

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
