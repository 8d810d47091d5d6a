"""The clock: the only place that asks what time it is.

With STEWARD_CLOCK=manual the moment stands in the service's database and moves only when the gateway
moves it; a transaction reads it once, so that one use case has one `now`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import NoReturn

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
    """The manual clock's moment, or the system's before it was first set; read when first asked for.

    While it is moved, services do not stand at one moment: who has nothing to do on the way is at its
    end before the others. So what comes of something on the way is of that, wherever the clock is."""

    def __init__(self, session: Session, zone: tzinfo) -> None:
        self._session = session
        self._reached = FIRST_INSTANT
        self.zone = zone

    def reach(self, moment: datetime) -> None:
        self._reached = max(self._reached, moment)

    def now(self) -> datetime:
        """The moment, in UTC."""
        now, since = self._way
        return self._reached if self._reached >= since else now

    @cached_property
    def _way(self) -> tuple[datetime, datetime]:
        row = self._session.execute(_WAY).one_or_none()
        if row is None:
            now = datetime.now(UTC)
            return now, now
        return row.now.astimezone(UTC), row.since.astimezone(UTC)


def read_clock(session: Session) -> Clock:
    """The moment it is now: the system's, or the manual one once it was set."""
    zone = settings().time_zone
    if settings().is_clock_manual:
        return ManualClock(session, zone)
    return Clock(datetime.now(UTC), zone)


_WAY = text("SELECT now, coalesce(since, now) AS since FROM clock")
_MOMENT = text("SELECT now FROM clock")


def read_manual(session: Session) -> datetime | None:
    """The manual clock's moment; None before it was first set."""
    moment: datetime | None = session.scalar(_MOMENT)
    return moment and moment.astimezone(UTC)


MOVE = """
    INSERT INTO clock (id, now, since) VALUES (1, :now, :since)
    ON CONFLICT (id) DO UPDATE SET now = excluded.now, since = excluded.since
        WHERE coalesce(clock.since, clock.now) <= excluded.now
    RETURNING now
"""
"""Moves the manual clock to `now`, in a move that began at `since`; returns nothing, and moves nothing,
where it would go back beyond the beginning of the move that brought it where it is."""
_MOVE = text(MOVE)


def set_manual(session: Session, now: datetime, since: datetime) -> None:
    """Move the manual clock; Conflict where it would go back too far."""
    if session.scalar(_MOVE, {"now": now, "since": since}) is None:
        refuse_to_go_back(session)


def require_manual() -> None:
    """Conflict where the clock is the system's."""
    if not settings().is_clock_manual:
        raise Conflict("clock_not_manual", "Start the services with STEWARD_CLOCK=manual for this.")


def refuse_to_go_back(session: Session) -> NoReturn:
    """Conflict: it is later already."""
    current = read_manual(session)
    raise Conflict("clock_goes_back", f"It is {current and current.isoformat()} already.")
