"""Tables: dunning runs, the notices they propose with their items, and what they left out and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.collections.base import Base
from services.collections.dunning.rules import Reason, sentence
from services.collections.runs.rules import NoticeStatus, RunStatus


def _is_one_of(statuses: type[RunStatus] | type[NoticeStatus]) -> CheckConstraint:
    names = ", ".join(f"'{status}'" for status in statuses)
    return CheckConstraint(f"status IN ({names})", name="status")


class Run(Base, Aggregate):
    """One execution of a procedure for a day, over all open items of the accounts that have it."""

    __tablename__ = "dunning_run"
    __table_args__ = (
        _is_one_of(RunStatus),
        ForeignKeyConstraint(
            ["procedure_id", "procedure_number"],
            ["dunning_procedure_version.procedure_id", "dunning_procedure_version.number"],
        ),
        Index(
            "uq_dunning_run_day",
            "procedure_id",
            "run_on",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_dunning_run_on", "run_on"),
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    run_on: Mapped[date]
    procedure_id: Mapped[str]
    procedure_number: Mapped[int]
    status: Mapped[str]
    items_looked_at: Mapped[int]
    planned_at: Mapped[datetime]
    planned_by: Mapped[str]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class Skip(Base, AccountOwned):
    """Items of an account that a run left out for the same reason; compact, as most are, every day."""

    __tablename__ = "dunning_skip"
    __table_args__ = (Index("ix_dunning_skip_run", "run_id", "account_id"),)

    skip_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("dunning_run.run_id"))
    account_id: Mapped[str]
    reason: Mapped[str]
    level: Mapped[int | None]
    until: Mapped[date | None]
    detail: Mapped[str | None]
    item_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return sentence(Reason(self.reason), level=self.level, until=self.until, detail=self.detail)


class Notice(Base, Aggregate, AccountOwned):
    """One letter: an account, a level and a currency. What it said is frozen when it is sent."""

    __tablename__ = "dunning_notice"
    __table_args__ = (
        _is_one_of(NoticeStatus),
        Index("ix_dunning_notice_run", "run_id", "status"),
        Index(
            "ix_dunning_notice_to_print",
            "notice_id",
            postgresql_where=text("channel = 'post' AND status = 'sent' AND printed_at IS NULL"),
        ),
    )

    notice_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("dunning_run.run_id"))
    level: Mapped[int]
    level_name: Mapped[str]
    holds_orders: Mapped[bool]
    currency: Mapped[str]
    total: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str | None]
    channel: Mapped[str | None]
    recipient: Mapped[str | None]
    subject: Mapped[str | None]
    text: Mapped[str | None]
    letter: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sent_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]

    items: Mapped[list[NoticeItem]] = relationship(
        order_by=lambda: (
            NoticeItem.due_date,
            NoticeItem.is_cost,
            NoticeItem.issued_on.nulls_first(),
            NoticeItem.invoice_number,
            NoticeItem.position,
            NoticeItem.item_id,
        ),
        lazy="raise",
    )


class NoticeItem(Base, AccountOwned):
    """An item in a notice, and so a step of that item. The index is what makes it impossible to send
    a level twice for an item since the same due date."""

    __tablename__ = "dunning_notice_item"
    __table_args__ = (
        Index(
            "uq_dunning_notice_item_step",
            "item_id",
            "due_date",
            "level",
            unique=True,
            postgresql_where=text("status IN ('approved', 'sent')"),
        ),
        Index("ix_dunning_notice_item_item", "item_id"),
    )

    notice_id: Mapped[str] = mapped_column(ForeignKey("dunning_notice.notice_id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    due_date: Mapped[date]
    issued_on: Mapped[date | None]
    level: Mapped[int]
    invoice_number: Mapped[str] = mapped_column(NATURAL)
    is_cost: Mapped[bool] = mapped_column(server_default=text("false"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    invoiced: Mapped[int]
    amount: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str | None]
    sent_on: Mapped[date | None]

    @property
    def sentence(self) -> str:
        """Why it is in the notice, or not any more."""
        reason = Reason(self.reason) if self.reason else Reason.DUE
        return sentence(reason, level=self.level, until=None)
