"""The clock: the only place that asks what time it is.

With STEWARD_CLOCK=manual the moment stands in the service's database and moves only when the gateway
moves it; a transaction reads it once, so that one use case has one `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import tables
from chassis.config import settings
from kernel.refusals import Conflict


@dataclass(frozen=True)
class Clock:
    """One moment, the same for all of a transaction. The business day is the day in UTC."""

    moment: datetime

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.moment

    def today(self) -> date:
        """The business day."""
        return self.moment.date()


def read_clock(session: Session) -> Clock:
    """The moment it is now: the system's, or the manual one once it was set."""
    return Clock((settings().is_clock_manual and read_manual(session)) or datetime.now(UTC))


def read_manual(session: Session) -> datetime | None:
    """The manual clock's moment; None before it was first set."""
    moment: datetime | None = session.scalar(select(tables.clock.c.now))
    return moment and moment.astimezone(UTC)


def set_manual(session: Session, now: datetime) -> None:
    """Move the manual clock forward; Conflict where it would go back."""
    if not settings().is_clock_manual:
        raise Conflict("clock_not_manual", "Start the services with STEWARD_CLOCK=manual for this.")
    current = read_manual(session)
    if current is not None and now < current:
        raise Conflict("clock_goes_back", f"It is {current.isoformat()} already.")
    statement = insert(tables.clock).values(id=1, now=now)
    session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"now": statement.excluded.now})
    )
