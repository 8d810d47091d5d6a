"""The tables of what happened to accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class TimelineEntry(Base, AccountOwned):
    """An event of any service that names an account. Those about the account are numbered 1, 2, 3 by
    `sequence` within their source, so a gap shows that one has not arrived; others have 0."""

    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index(
            "ix_timeline_entry_in_order",
            "account_id",
            "occurred_at",
            "source",
            "sequence",
            "event_id",
        ),
        Index(
            "ix_timeline_entry_by_name",
            "account_id",
            "name",
            "occurred_at",
            "source",
            "sequence",
            "event_id",
        ),
        Index(
            "ix_timeline_entry_by_person",
            "account_id",
            "person",
            "occurred_at",
            "source",
            "sequence",
            "event_id",
            postgresql_where=text("person IS NOT NULL"),
        ),
        Index("ix_timeline_entry_numbered", "account_id", "source", "sequence"),
    )

    event_id: Mapped[str] = mapped_column(primary_key=True)
    # No foreign key: an event may be here before its account, and nothing is lost for it.
    account_id: Mapped[str] = mapped_column(index=False)
    source: Mapped[str]
    sequence: Mapped[int]
    name: Mapped[str]
    occurred_at: Mapped[datetime]
    summary: Mapped[str]
    person: Mapped[str | None]  # whose deed it is, where the event says so
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime]


class TimelineReach(Base, AccountOwned):
    """Up to which number the events of a source about an account are all here, at least: it follows them
    in steps, so that what is missing is looked for beyond it alone."""

    __tablename__ = "timeline_reach"

    account_id: Mapped[str] = mapped_column(primary_key=True, index=False)
    source: Mapped[str] = mapped_column(primary_key=True)
    complete_to: Mapped[int]
