"""The tables of charges, of their history, of what was used and of what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.billing.base import Base
from services.billing.charges.rules import Agreed, ChargeKind
from services.billing.courses.rules import Course, Rest, Timing
from services.billing.service_periods.rules import Anchor, Rhythm, Unit


class Charge(Base, Aggregate, AccountOwned):
    """What is charged once, by use or again and again: at the prices `agreed` from which day on, but for
    the days on which it is `paused`. `suspended_on` is since when it rests with the account's service.

    Its days up to `recorded_until` are recorded as billables; `next_on` is the day on which more fall
    due, none where nothing more does."""

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("(kind = 'one_off') = (unit IS NULL)", name="kind"),
        Index(
            "ix_charge_next_on",
            "next_on",
            "charge_id",
            postgresql_where=text("next_on IS NOT NULL"),
        ),
        Index(
            "uq_charge_external_id",
            *("account_id", "external_id"),
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )

    charge_id: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str | None]  # what the sender calls it
    external_digest: Mapped[str | None]  # of what it said under that name
    kind: Mapped[str]
    status: Mapped[str]
    description: Mapped[str]
    currency: Mapped[str]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    tax_code: Mapped[str]
    exemption_reason: Mapped[str | None]
    client_order_number: Mapped[str | None]
    order_id: Mapped[str | None]
    every: Mapped[int | None]
    unit: Mapped[str | None]
    anchor: Mapped[str | None]
    timing: Mapped[str | None]
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    agreed: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    paused: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    suspended_on: Mapped[date | None]
    recorded_until: Mapped[date]
    next_on: Mapped[date | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]

    @property
    def prices(self) -> list[Agreed]:
        return [
            Agreed(date.fromisoformat(row["from_on"]), row["unit_price"], Decimal(row["quantity"]))
            for row in self.agreed
        ]

    @property
    def pauses(self) -> list[Rest]:
        return [
            Rest(date.fromisoformat(row["first"]), row["last"] and date.fromisoformat(row["last"]))
            for row in self.paused
        ]

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(
            self.start_on, self.every or 1, self.unit or Unit.DAY, self.anchor or Anchor.START
        )

    @property
    def by_use(self) -> bool:
        return self.kind == ChargeKind.USAGE

    @property
    def due(self) -> Timing:
        if self.by_use:
            return Timing.ARREARS
        return Timing(self.timing or Timing.ADVANCE)

    def first_of(self, day: date) -> date:
        """The first day of the period with a day."""
        return self.rhythm.period_of(max(day, self.start_on)).first

    def course(self, suspended: Iterable[Rest]) -> Course:
        """What it costs on which day, on which the account has no service: only what recurs rests."""
        rests = [*self.pauses, *(suspended if self.kind == ChargeKind.RECURRING else ())]
        prices = tuple((each.from_on, each.price) for each in self.prices)
        return Course(self.start_on, self.end_on, prices, tuple(rests))


class ChargeChange(Base, AccountOwned):
    """What was done with a charge, and from which day on; appended, never edited."""

    __tablename__ = "charge_change"

    charge_id: Mapped[str] = mapped_column(ForeignKey("charge.charge_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    from_on: Mapped[date]
    unit_price: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    suspension_id: Mapped[str | None]
    reason: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class ChargePart(Base):
    """Of which days and at what price a billable is."""

    __tablename__ = "charge_part"
    __table_args__ = (Index("ix_charge_part_charge_id", "charge_id", "first"),)

    key: Mapped[str] = mapped_column(ForeignKey("billable.key"), primary_key=True)
    charge_id: Mapped[str] = mapped_column(ForeignKey("charge.charge_id"))
    first: Mapped[date]
    last: Mapped[date]
    unit_price: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    times: Mapped[int]


class ChargeUsage(Base, AccountOwned):
    """So much was used on a day; told once under its `external_id`."""

    __tablename__ = "charge_usage"
    __table_args__ = (
        UniqueConstraint("charge_id", "external_id"),
        Index("ix_charge_usage_used_on", "charge_id", "used_on"),
    )

    usage_id: Mapped[str] = mapped_column(primary_key=True)
    charge_id: Mapped[str] = mapped_column(ForeignKey("charge.charge_id"))
    external_id: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    used_on: Mapped[date]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
