"""Copies of facts that other services own. Each row is the newest snapshot, by its version."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class Account(Base, AccountOwned):
    """An account as the accounts service last told it. `credit_limit` is in minor units of `currency`;
    none means no limit."""

    __tablename__ = "account"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str]
    status: Mapped[str]
    currency: Mapped[str]
    credit_limit: Mapped[int | None]


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
