"""The table of billing runs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.billing.base import Base
from services.billing.billing_runs.rules import RunStatus
from services.billing.bills.rules import Makes

_STATUSES = ", ".join(f"'{status}'" for status in RunStatus)
_MADE = ", ".join(f"'{made}'" for made in Makes)


class BillingRun(Base, Aggregate):
    """What is pending until `cutoff_on`, as known at `known_at`, billed with the date `invoice_on`. Which
    accounts: those that were named, or those with this bill day, or all; `previous_run_id` is the run of
    the same choice before it. `bills` were planned, `left` are still to be foreseen, billed or, drafted,
    to be issued. `drafts_issued_by` had what it drafted issued at once, the last time."""

    __tablename__ = "billing_run"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint(f"makes IN ({_MADE})", name="makes"),
        Index("ix_billing_run_cutoff", "cutoff_on"),
    )

    billing_run_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    makes: Mapped[str] = mapped_column(server_default=Makes.INVOICES)
    cutoff_on: Mapped[date]
    invoice_on: Mapped[date]
    known_at: Mapped[datetime]
    accounts: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    currency: Mapped[str | None]
    bill_day: Mapped[int | None]
    is_automatic: Mapped[bool]
    lines_max: Mapped[int]
    ratio_max: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    previous_run_id: Mapped[str | None] = mapped_column(ForeignKey("billing_run.billing_run_id"))
    bills: Mapped[int]
    left: Mapped[int]
    planned_by: Mapped[str]
    planned_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    drafts_issued_by: Mapped[str | None]
    drafts_issued_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None]
