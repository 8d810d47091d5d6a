"""Tables: copies of accounts, their contacts and their balances."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.collections.base import Base


class Account(Base, AccountOwned):
    """What collections needs to know of an account to write to it."""

    __tablename__ = "account"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    email: Mapped[str | None]
    preferred_channel: Mapped[str]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))


class Contact(Base, AccountOwned):
    """A person at the account; the payer is whom letters are addressed to."""

    __tablename__ = "contact"

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AccountBalance(Base, AccountOwned):
    """What billing says of an account in one currency; `unapplied` is money not set against items."""

    __tablename__ = "account_balance"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    open: Mapped[int]
    unapplied: Mapped[int]
    balance: Mapped[int]
