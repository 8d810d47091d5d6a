"""The probe's tables: what was noted, what was heard, and which bells were rung."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from tests.chassis.probe.base import Base


class Note(Base, Aggregate, AccountOwned):
    """Something noted for an account."""

    __tablename__ = "note"

    note_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class Heard(Base):
    """An event that was handled: one row each time, so that twice would show."""

    __tablename__ = "heard"

    heard_id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[str]
    sequence: Mapped[int]
    on_day: Mapped[str | None]


class NoteCopy(Base):
    """What the probe keeps of its own notes, as another service would."""

    __tablename__ = "note_copy"

    note_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]


class Rung(Base):
    """A bell that was rung: one row each time, so that twice would show."""

    __tablename__ = "rung"

    rung_id: Mapped[int] = mapped_column(primary_key=True)
    bell: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    rung_at: Mapped[datetime]
