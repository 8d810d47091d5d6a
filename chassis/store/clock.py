"""The clock: the only place that asks what time it is.

With STEWARD_CLOCK=manual the moment stands in the service's database and moves only when the gateway
moves it; a transaction reads it once, so that one use case has one `now`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.ground.config import settings
from kernel.calendar import FIRST_INSTANT, day_at
from kernel.refusals import Conflict


class Clock:
    """One moment, the same for all of a transaction, and the time zone in which the business lives."""

    def __init__(self, moment: datetime, zone: tzinfo = UTC) -> None:
        self._moment = moment
        self.zone = zone

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self._moment

    def reach(self, moment: datetime) -> None:
        """What is going on is of this moment: a manual clock that stands before it shows it, in this
        transaction; any other goes its own way."""

    def today(self) -> date:
        """The business day."""
        return self.day_of(self.now())

    def day_of(self, moment: datetime) -> date:
        """The business day that it was at a moment."""
        return day_at(moment, self.zone)


class ManualClock(Clock):
    """The manual clock's moment, or the system's before it was first set; read when first asked for."""

    def __init__(self, session: Session, zone: tzinfo) -> None:
        self._session = session
        self._reached = FIRST_INSTANT
        self.zone = zone

    def reach(self, moment: datetime) -> None:
        self._reached = max(self._reached, moment)

    def now(self) -> datetime:
        """The moment, in UTC."""
        return max(self._read_once, self._reached)

    @cached_property
    def _read_once(self) -> datetime:
        return read_manual(self._session) or datetime.now(UTC)


def read_clock(session: Session) -> Clock:
    """The moment it is now: the system's, or the manual one once it was set."""
    zone = settings().time_zone
    if settings().is_clock_manual:
        return ManualClock(session, zone)
    return Clock(datetime.now(UTC), zone)


_MOMENT = text("SELECT now FROM clock")


def read_manual(session: Session) -> datetime | None:
    """The manual clock's moment; None before it was first set."""
    moment: datetime | None = session.scalar(_MOMENT)
    return moment and moment.astimezone(UTC)


_MOVE = text(
    """
    INSERT INTO clock (id, now) VALUES (1, :now)
    ON CONFLICT (id) DO UPDATE SET now = excluded.now WHERE clock.now <= excluded.now
    RETURNING now
    """
)


def set_manual(session: Session, now: datetime) -> None:
    """Move the manual clock forward; Conflict where it would go back."""
    if not settings().is_clock_manual:
        raise Conflict("clock_not_manual", "Start the services with STEWARD_CLOCK=manual for this.")
    if session.scalar(_MOVE, {"now": now}) is None:
        current = read_manual(session)
        raise Conflict("clock_goes_back", f"It is {current and current.isoformat()} already.")
