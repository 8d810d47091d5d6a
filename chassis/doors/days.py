"""A day's jobs with the manual clock: all of a moment in one transaction, where none of them fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from chassis.doors.perform import perform_daily
from chassis.doors.transaction import Context, run
from chassis.ground.config import settings
from chassis.store.clock import MOVE, Clock, set_manual
from chassis.store.plans import Planned
from kernel.calendar import day_at, moment_at
from kernel.callers import ITSELF

log = structlog.get_logger()

# Only those who have this day before them: who has missed days catches up alone, who has done it is done.
# Where the clock does not move nobody does anything.
_TAKE_DAY = Planned(
    f"""
    WITH moved AS ({MOVE})
    INSERT INTO daily_job (name, last_day)
    SELECT name, :day FROM unnest(:names) AS job (name), moved ORDER BY name
    ON CONFLICT (name) DO UPDATE SET last_day = excluded.last_day
        WHERE daily_job.last_day = excluded.last_day - 1
    RETURNING name
    """,  # noqa: S608  a statement of the clock
    names="text[]",
    day="date",
    now="timestamptz",
    since="timestamptz",
)


def perform_jobs(
    engine: Engine, service: Any, jobs: Sequence[str], moment: datetime, since: datetime
) -> dict[str, Exception]:
    """Move the manual clock to a moment, in a move that began at `since`, and run daily jobs there for
    every business day that they have not run for. Those that failed, and with what: one stops no other,
    and runs again when asked again."""
    day = day_at(moment, settings().time_zone)
    move = {"now": moment, "since": since}
    done = _perform_together(engine, service, jobs, day, move)
    left = [job for job in jobs if job not in done]
    if left or not jobs:
        run(engine, lambda session, _: set_manual(session, **move), Context())
    failed: dict[str, Exception] = {}
    for job in left:
        try:
            perform_daily(engine, service, job, day)
        except Exception as error:
            log.exception("daily_job_failed", job=job, day=str(day))
            failed[job] = error
    return failed


def _perform_together(
    engine: Engine, service: Any, jobs: Sequence[str], day: date, move: dict[str, datetime]
) -> set[str]:
    """Run the jobs of a day in one transaction, which moves the clock as well; which were run: none
    where one has failed."""

    def perform(session: Session, clock: Clock) -> set[str]:
        values = {"names": list(jobs), "day": day, **move}
        taken = {row.name for row in _TAKE_DAY.read(session, **values)}
        for job in jobs:
            if job in taken:
                _perform(session, clock, service, job, day)
        return taken

    try:
        done: set[str] = run(engine, perform, Context())
    except Exception as error:  # told with the job it belongs to, when each runs alone
        log.info("daily_jobs_apart", day=str(day), error=repr(error))
        return set()
    return done


def _perform(session: Session, clock: Clock, service: Any, job: str, day: date) -> None:
    moment = moment_at(day, service.contracts[job].at, clock.zone)
    clock.reach(moment)
    service.clock, service.caller = Clock(moment, clock.zone), ITSELF
    service.methods[job](service, session, day=day)
    session.flush()
    session.expunge_all()  # each job reads what is there, not what another has read
