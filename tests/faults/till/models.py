"""The till's tables: what was taken, and what became of the events that say so."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from tests.faults.till.base import Base


class Purse(Base, Aggregate):
    """What an account has in the till."""

    __tablename__ = "purse"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    balance: Mapped[int]


class Taking(Base, AccountOwned):
    """One amount taken."""

    __tablename__ = "taking"

    taking_id: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]


class Effect(Base):
    """An event that was handled: one row each time, so that twice would show."""

    __tablename__ = "effect"

    effect_id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[str] = mapped_column(index=True)
    amount: Mapped[int]


class PurseCopy(Base):
    """A listener's copy of a purse: the newest version it has heard of."""

    __tablename__ = "purse_copy"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    balance: Mapped[int]


class Applied(Base):
    """A version that the copy took on, in the order in which it did."""

    __tablename__ = "applied"

    applied_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    version: Mapped[int]
