"""Copies of facts that other services own. Each row is the newest snapshot, by its version."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class Account(Base, AccountOwned):
    """An account as the accounts service last told it. `credit_limit` is in minor units of `currency`;
    none means no limit. Events of long ago leave out name, country, language and addresses."""

    __tablename__ = "account"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str]
    status: Mapped[str]
    currency: Mapped[str]
    credit_limit: Mapped[int | None]
    name: Mapped[str | None]
    country: Mapped[str | None]
    language: Mapped[str | None]
    parent_id: Mapped[str | None] = mapped_column(index=True)
    credit_group_id: Mapped[str | None] = mapped_column(index=True)
    order_number_required: Mapped[bool] = mapped_column(server_default=text("false"))
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))


class Contact(Base, AccountOwned):
    """A person at the account."""

    __tablename__ = "contact"

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AccountBalance(Base, AccountOwned):
    """What an account owes in one currency, as billing last told it, in minor units: `balance` is
    `open` (items not paid) less `unapplied` (payments and credit notes not allocated)."""

    __tablename__ = "account_balance"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    open: Mapped[int]
    unapplied: Mapped[int]
    balance: Mapped[int]


class CreditHold(Base, AccountOwned):
    """Whether collections has stopped an account's orders. It may arrive before the account does."""

    __tablename__ = "credit_hold"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_placed: Mapped[bool]
    reason: Mapped[str]
