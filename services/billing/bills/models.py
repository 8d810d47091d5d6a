"""The table of bills of billing runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base
from services.billing.bills.rules import BillStatus

_STATUSES = ", ".join(f"'{status}'" for status in BillStatus)


class Bill(Base, AccountOwned):
    """What a run bills an account in a currency: the things of `account_ids`, whose payer it is. `hash`
    is of what is foreseen, and null until that is; `usual` is what its last invoices come to, `previous`
    what the run before billed, `change` how it compares. A person who had it retried or skipped says
    so in `decided_by` and `decided_reason`; one that was retried `is_accepted` as it is."""

    __tablename__ = "bill"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint(
            "(status IN ('drafted', 'invoiced')) = (invoice_id IS NOT NULL)", name="invoiced"
        ),
        Index("ix_bill_status", "billing_run_id", "status", "account_id", "currency"),
        Index("ix_bill_total", "billing_run_id", "total"),
        Index(
            "ix_bill_unforeseen",
            "billing_run_id",
            "account_id",
            "currency",
            postgresql_where=text("hash IS NULL"),
        ),
    )

    billing_run_id: Mapped[str] = mapped_column(
        ForeignKey("billing_run.billing_run_id"), primary_key=True
    )
    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    account_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    lines: Mapped[int | None]
    net: Mapped[int | None]
    tax: Mapped[int | None]
    total: Mapped[int | None]
    hash: Mapped[str | None]
    usual: Mapped[int | None]
    previous: Mapped[int | None]
    change: Mapped[str | None]
    is_accepted: Mapped[bool] = mapped_column(server_default=text("false"))
    client_order_number: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_reason: Mapped[str | None]
    invoice_id: Mapped[str | None]
    invoice_number: Mapped[str | None]
