"""What happens to working hours: they are said anew, or the company moves."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.accounts.calendars import rules
from services.accounts.calendars.models import WorkingHours
from services.accounts.calendars.queries import last_hours
from services.accounts.calendars.rules import Hours

ITSELF = "accounts"  # who says where the company is


def set_working_hours(
    session: Session,
    *,
    week: list[dict[str, Any]],
    closed_days: list[date],
    now: datetime,
    by: str,
) -> None:
    """Work at these hours from now on; what was counted before stays counted by those of then."""
    hours = [Hours(**one) for one in week]
    rules.require_week(hours, field="week")
    facts = {"week": [asdict(one) for one in hours], "closed_days": sorted(set(closed_days))}
    _change_hours(session, now=now, by=by, **facts)


def keep_seat(
    session: Session, *, country: str, time_zone: str, version: int, now: datetime
) -> None:
    """Keep where the company is from now on, unless a newer version of it is known."""
    _take_turn(session)
    known = last_hours(session)
    if known is None or known.company_version < version:
        facts = {"country": country, "time_zone": time_zone, "company_version": version}
        _change_hours(session, now=now, by=ITSELF, **facts)


def _change_hours(session: Session, *, now: datetime, by: str, **facts: Any) -> None:
    _take_turn(session)
    before = last_hours(session)
    usual = rules.usual_week(facts.get("country"))
    held = (
        {"week": [asdict(one) for one in usual], "closed_days": [], "company_version": 0}
        if before is None
        else {name: getattr(before, name) for name in _HELD}
    )
    session.add(
        WorkingHours(
            version=1 if before is None else before.version + 1,
            effective_at=now if before is None else max(now, before.effective_at),
            set_by=by,
            **held | facts,
        )
    )
    session.flush()


_HELD = ("week", "closed_days", "country", "time_zone", "company_version")


def _take_turn(session: Session) -> None:
    # Each change is on top of the one before, whoever makes it.
    session.execute(text("LOCK TABLE working_hours IN SHARE ROW EXCLUSIVE MODE"))
