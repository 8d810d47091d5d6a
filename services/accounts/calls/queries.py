"""Reads of calls: who rang, how soon they were answered, how soon they are called back."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from typing import Any

from sqlalchemy import Integer, and_, cast, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from kernel.calendar import add_days, moment_at
from services.accounts.accounts.rules import Tier
from services.accounts.calls import rules
from services.accounts.calls.models import Call, CallbackTime
from services.accounts.calls.rules import CallStatus, Match
from services.accounts.contacts.models import Contact
from services.accounts.contacts.queries import has_phone
from services.accounts.staff.models import Staff

MATCHES_MAX = 100  # contacts with one number that are looked at

_IS = {
    CallStatus.ANSWERED: Call.answered_at.is_not(None),
    CallStatus.MISSED: and_(Call.answered_at.is_(None), Call.called_back_at.is_(None)),
    CallStatus.CALLED_BACK: Call.called_back_at.is_not(None),
}


def get_call(session: Session, *, call_id: str) -> Call:
    """One call."""
    return fetch_only(session, Call, call_id)


def list_calls(
    session: Session,
    *,
    account_id: str | None,
    status: CallStatus | None,
    is_assigned: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Calls, the newest first."""
    calls = select(Call)
    if account_id is not None:
        calls = calls.where(Call.account_id == account_id)
    if status is not None:
        calls = calls.where(_IS[status])
    if is_assigned is not None:
        unknown = Call.account_id.is_(None)
        calls = calls.where(~unknown if is_assigned else unknown)
    by = [Call.rung_at, Call.call_id]
    return read_page(session, calls, by=by, limit=limit, after=after, is_descending=True)


def find_matches(session: Session, number: str, *, today: date) -> list[Match]:
    """Who has this number, at whichever account."""
    has_ended = func.coalesce(Contact.valid_to < today, False)
    columns = select(Contact.account_id, Contact.contact_id, has_ended.label("is_former"))
    found = session.execute(columns.where(has_phone(number)).limit(MATCHES_MAX))
    return [Match(**row) for row in found.mappings()]


def get_callback_times(session: Session) -> dict[str, Any]:
    """How soon accounts of each tier are called back."""
    minutes = {row.tier: row.minutes for row in session.scalars(select(CallbackTime))}
    return {f"{tier}_minutes": minutes[tier] for tier in Tier}


def report_calls(session: Session, *, since: date, until: date, zone: tzinfo) -> dict[str, Any]:
    """Calls that rang from one day to another, by person and by hour of the day."""
    rules.require_period(since, until)
    first = moment_at(since, time.min, zone)
    last = moment_at(add_days(until, 1), time.min, zone)
    return {
        "since": since,
        "until": until,
        "items": [dict(row) for row in session.execute(_figures(first, last, zone)).mappings()],
    }


def _figures(first: datetime, last: datetime, zone: tzinfo) -> Any:
    hour = cast(func.extract("hour", func.timezone(str(zone), Call.rung_at)), Integer)
    waited = func.extract("epoch", Call.answered_at - Call.rung_at)
    answered, back = Call.answered_at.is_not(None), Call.called_back_at <= Call.due_at
    who = (Call.staff_id, Staff.name.label("staff_name"), hour.label("hour"))

    def seconds(share: float) -> Any:
        return cast(func.percentile_disc(share).within_group(waited), Integer)

    return (
        select(
            *who,
            func.count().label("calls"),
            func.count().filter(answered).label("answered"),
            func.count().filter(~answered).label("missed"),
            func.count().filter(back).label("called_back_in_time"),
            seconds(0.5).label("seconds_median"),
            seconds(0.9).label("seconds_90th"),
        )
        .outerjoin(Staff, Staff.staff_id == Call.staff_id)
        .where(Call.rung_at >= first, Call.rung_at < last)
        .group_by(Call.staff_id, Staff.name, hour)
        .order_by(Staff.name, Call.staff_id, hour)
    )
