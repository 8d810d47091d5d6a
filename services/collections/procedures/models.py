"""Tables: dunning procedures, their versions, and which account has which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.collections.base import Base


class Procedure(Base, Aggregate):
    """A dunning policy; what it says stands in its versions, of which the newest is in force."""

    __tablename__ = "dunning_procedure"
    __table_args__ = (
        Index(
            "uq_dunning_procedure_default",
            "is_default",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    procedure_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_default: Mapped[bool]
    number: Mapped[int]


class ProcedureVersion(Base):
    """What a procedure says, from when it was made until the next version; never changed."""

    __tablename__ = "dunning_procedure_version"

    procedure_id: Mapped[str] = mapped_column(
        ForeignKey("dunning_procedure.procedure_id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    is_automatic: Mapped[bool]
    hand_over_days: Mapped[int | None]
    levels: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Assignment(Base, AccountOwned):
    """An account has a procedure of its own, from `assigned_at` to `ended_at`."""

    __tablename__ = "dunning_assignment"
    __table_args__ = (
        Index(
            "uq_dunning_assignment_current",
            "account_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    assignment_id: Mapped[str] = mapped_column(primary_key=True)
    procedure_id: Mapped[str] = mapped_column(ForeignKey("dunning_procedure.procedure_id"))
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str]
    ended_at: Mapped[datetime | None]
