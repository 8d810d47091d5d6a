"""The tables of why accounts should be contacted, and of the items this makes for people."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    FetchedValue,
    ForeignKey,
    Identity,
    Index,
    Text,
    and_,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.base import Base, choice
from services.accounts.worklist.rules import ItemStatus, Outcome


class WorklistReason(Base, AccountOwned):
    """Why an account should be contacted: of a kind, about something (a currency, a placement), in the
    words of whoever announced it. Kept when it no longer stands, for its version. It rests for a while
    after the account was contacted about it, and can be snoozed by itself. `owner_id` is the account's
    while it stands: the database writes it, so that all of a list lies together."""

    __tablename__ = "worklist_reason"
    __table_args__ = (
        Index("ix_worklist_reason_settled", "settled_on", postgresql_where=text("NOT is_standing")),
        Index(
            "ix_worklist_reason_to_staff_id",
            "to_staff_id",
            postgresql_where=text("is_standing AND to_staff_id IS NOT NULL"),
        ),
        # All that a place on a list depends on: such indexes are read alone.
        Index(
            "ix_worklist_reason_standing",
            "owner_id",
            "account_id",
            postgresql_include=[
                *("kind", "since_on", "currency", "amount"),
                *("rests_until", "earliest_on", "snoozed_until"),
            ],
            postgresql_where=text("is_standing"),
        ),
    )

    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int]
    is_standing: Mapped[bool]
    since_on: Mapped[date]
    currency: Mapped[str | None]
    amount: Mapped[int | None]
    oldest_due_date: Mapped[date | None]
    detail: Mapped[str | None]  # written no more: reasons say it in their sentence
    sentence: Mapped[str | None]
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    channel: Mapped[str | None]
    earliest_at: Mapped[datetime | None]
    earliest_on: Mapped[date | None]  # the business day of it
    rests_until: Mapped[date | None]
    snoozed_until: Mapped[date | None]
    snoozed_by: Mapped[str | None]
    to_staff_id: Mapped[str | None]  # whose list it is on besides the owner's
    settled_on: Mapped[date | None]  # the day on which its cause ended, if it does not stand


class WorklistItem(Base, Aggregate, AccountOwned):
    """An account that should be contacted; one open item per account, whoever owns it. It ends when
    the contact is made, or by itself when no reason stands. `owner_id` and `tier` are the account's while
    it is open: the database writes them, as the reason's."""

    __tablename__ = "worklist_item"
    __table_args__ = (
        Index(
            "uq_worklist_item_open",
            "account_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_worklist_item_owner_id",
            "owner_id",
            "account_id",
            postgresql_include=["snoozed_until", "opened_on", "tier"],
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_worklist_item_closed_at",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
    )

    worklist_item_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    owner_id: Mapped[str] = mapped_column(server_default=FetchedValue())
    tier: Mapped[str] = mapped_column(server_default=FetchedValue())
    status: Mapped[ItemStatus] = mapped_column(choice(ItemStatus, name="status"))
    opened_on: Mapped[date]
    snoozed_until: Mapped[date | None]
    snoozed_by: Mapped[str | None]
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, name="outcome"))
    note: Mapped[str | None]
    closed_by: Mapped[str | None]  # none: it settled by itself
    closed_at: Mapped[datetime | None]


class WorklistOutcome(Base, AccountOwned):
    """What came of contacting an account about a reason, in its words; appended, never edited."""

    __tablename__ = "worklist_outcome"

    worklist_outcome_id: Mapped[str] = mapped_column(primary_key=True)
    worklist_item_id: Mapped[str] = mapped_column(
        ForeignKey("worklist_item.worklist_item_id"), index=True
    )
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    kind: Mapped[str]
    about: Mapped[str]
    sentence: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, name="outcome"))
    note: Mapped[str | None]
    next_activity_id: Mapped[str | None] = mapped_column(ForeignKey("activity.activity_id"))
    done_by: Mapped[str]
    done_at: Mapped[datetime]


class ReasonWeight(Base):
    """How many points a kind of reason has, where somebody said otherwise than the rules do."""

    __tablename__ = "reason_weight"

    kind: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class WorklistTally(Base):
    """How many items came and went, by the statement that did it: the database adds a row with each, and
    what there is of rows is folded into one once a day. Their sum is kept for ever."""

    __tablename__ = "worklist_tally"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    opened: Mapped[int]
    done: Mapped[int]
    settled: Mapped[int]


def is_wanted(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a reason stands, does not rest on the day, and is not for later: then there is an item."""
    rest, earliest = WorklistReason.rests_until, WorklistReason.earliest_on
    return and_(
        WorklistReason.is_standing,
        or_(rest.is_(None), rest <= day),
        or_(earliest.is_(None), earliest <= day),
    )
