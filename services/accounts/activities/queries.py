"""Reads of activities, and of what follows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_only
from chassis.pages import read_page
from services.accounts.activities.models import Activity, ActivityWording, FollowUp
from services.accounts.activities.rules import (
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    FollowUpRule,
)
from services.accounts.contacts.models import Contact


def get_activity(session: Session, *, activity_id: str) -> Activity:
    """One activity."""
    return fetch_only(session, Activity, activity_id)


def list_activities(
    session: Session,
    *,
    account_id: str | None,
    owner_id: str | None,
    kind: ActivityKind | None,
    status: ActivityStatus | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Activities in the order of their time."""
    columns = (Activity.account_id, Activity.owner_id, Activity.kind, Activity.status)
    filters = zip(columns, (account_id, owner_id, kind, status), strict=True)
    wanted = [column == value for column, value in filters if value is not None]
    if since is not None:
        wanted.append(Activity.at >= since)
    if until is not None:
        wanted.append(Activity.at < until)
    by = [Activity.at, Activity.activity_id]
    return read_page(session, select(Activity).where(*wanted), by=by, limit=limit, after=after)


def list_wordings(
    session: Session, *, activity_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """What was said of an activity, first to present."""
    fetch(session, Activity, activity_id)
    wordings = select(ActivityWording).where(ActivityWording.activity_id == activity_id)
    return read_page(session, wordings, by=[ActivityWording.position], limit=limit, after=after)


def list_follow_up_rules(session: Session) -> dict[str, Any]:
    """What follows which activities."""
    in_order = select(FollowUp).order_by(FollowUp.kind, FollowUp.outcome)
    return {"rules": session.scalars(in_order).all()}


def find_follow_up(
    session: Session, kind: ActivityKind, outcome: ActivityOutcome
) -> FollowUpRule | None:
    """What follows an activity of this kind with this outcome."""
    row = session.get(FollowUp, (kind, outcome))
    if row is None:
        return None
    facts = (row.way, row.next_kind, row.delay_days, row.counted_from)
    return FollowUpRule(kind, outcome, *facts)


def known_contacts(session: Session, account_id: str, contact_ids: Collection[str]) -> set[str]:
    """Which of these are people of the account, now or once."""
    of_account = select(Contact.contact_id).where(
        Contact.account_id == account_id, Contact.contact_id.in_(contact_ids)
    )
    return set(session.scalars(of_account)) if contact_ids else set()
