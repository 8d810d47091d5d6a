"""End returns that nobody decided or sent in time, and have what waits too long dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.bulk import each_apart
from chassis.database import fetch_all_for_change
from services.sales.return_reviews import queries, rules
from services.sales.return_settings.queries import find_days
from services.sales.return_settings.rules import ReturnDays
from services.sales.returns import events
from services.sales.returns.models import Return
from services.sales.returns.rules import MOVES, Action, ReturnStatus, WaitsFor
from services.sales.returns.usecases import end, tell_due


def review_returns(session: Session, *, day: date, now: datetime, by: str) -> None:
    """Expire what nobody decided or sent in time, and have the account contacted about what waits too
    long, once; one that fails is left for the next day and stops no other."""

    limits = find_days(session)

    def review(return_ids: Sequence[str]) -> None:
        for found in fetch_all_for_change(session, Return, return_ids):
            _review(session, found, limits, day=day, now=now, by=by)

    each_apart(session, queries.find_to_review(session, day=day, limits=limits), review)


def _review(
    session: Session, found: Return, limits: ReturnDays, *, day: date, now: datetime, by: str
) -> None:
    is_over = found.expires_on is not None and found.expires_on < day
    if is_over and Action.EXPIRE in MOVES[ReturnStatus(found.status)]:
        end(session, found, Action.EXPIRE, event=events.ReturnExpired, now=now, by=by, facts={})
    elif found.contact_reason is None and found.waits_since is not None:
        _tell_late(session, found, limits, day=day, since=found.waits_since.date())


def _tell_late(
    session: Session, found: Return, limits: ReturnDays, *, day: date, since: date
) -> None:
    waits = str(found.waits_for)
    if waits == WaitsFor.GOODS and found.sent_on is not None:
        since = found.sent_on
    reason = rules.why_late(waits, status=found.status, since=since, today=day, limits=limits)
    if reason is not None:
        named = {"number": found.number, "order_number": found.order_number}
        sentence = rules.say_late(reason, **named, waits=waits, since=since)
        tell_due(session, found, reason=reason, sentence=sentence, since=day)
