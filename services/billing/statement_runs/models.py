"""Tables: statement runs and their statements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.billing.base import Base
from services.billing.statement_runs.rules import RunStatus, StatementStatus

_RUNS = ", ".join(f"'{status}'" for status in RunStatus)
_STATUSES = ", ".join(f"'{status}'" for status in StatementStatus)


class StatementRun(Base, Aggregate):
    """Statements of the days from `first_day` to `last_day`, as known at `known_at`: of accounts that
    were named, or with this statement day, or all, as far as they are `which`."""

    __tablename__ = "statement_run"
    __table_args__ = (CheckConstraint(f"status IN ({_RUNS})", name="status"),)

    statement_run_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    known_at: Mapped[datetime]
    accounts: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    currency: Mapped[str | None]
    statement_day: Mapped[int | None]
    which: Mapped[str]
    is_again: Mapped[bool]
    is_automatic: Mapped[bool]
    statements: Mapped[int]
    planned_by: Mapped[str]
    planned_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class RunStatement(Base, AccountOwned):
    """What a run states to an account in a currency: of `account_ids`. Of the same days it is stated
    once, by whatever run, unless that was asked for again. A person who had it retried or skipped says so
    in `decided_by` and `decided_reason`."""

    __tablename__ = "run_statement"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        Index("ix_run_statement_status", "statement_run_id", "status", "account_id", "currency"),
        Index(
            "ix_run_statement_once",
            *("account_id", "currency", "first_day", "last_day"),
            unique=True,
            postgresql_where=text("status <> 'skipped' AND NOT is_again"),
        ),
    )

    statement_run_id: Mapped[str] = mapped_column(
        ForeignKey("statement_run.statement_run_id"), primary_key=True
    )
    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    account_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    first_day: Mapped[date]
    last_day: Mapped[date]
    is_again: Mapped[bool]
    status: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    opening: Mapped[int | None]
    closing: Mapped[int | None]
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.document_id"))
    recipient: Mapped[str | None]
    made_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_reason: Mapped[str | None]
