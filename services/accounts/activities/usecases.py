"""What happens to activities: planned, held or not, rescheduled, cancelled, corrected, followed up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.database import fetch, fetch_for_change
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.calendar import day_at
from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.activities import events, queries, rules
from services.accounts.activities.models import Activity, ActivityWording, FollowUp
from services.accounts.activities.rules import (
    ActivityAction,
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    Direction,
    FollowUpRule,
    NextStep,
    Way,
)
from services.accounts.calendars.queries import read_working_time
from services.accounts.dues import ActivityDue
from services.accounts.reasons.rules import Due
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import require_active

_SAID = ("outcome", "note", "promise", "at", "minutes", "contact_ids")
_SAME = (
    *("account_id", "kind", "direction", "subject", "contact_ids", "minutes"),
    *("follows_id", "series_id", "series_on"),
)


def plan_activity(
    session: Session,
    *,
    account_id: str,
    kind: ActivityKind,
    at: datetime,
    subject: str,
    now: datetime,
    by: str,
    zone: tzinfo,
    direction: Direction = Direction.OUT,
    minutes: int = rules.PLANNED_MINUTES,
    contact_ids: Sequence[str] = (),
    owner_id: str | None = None,
    person: str | None = None,
    **links: Any,
) -> Activity:
    """Plan to meet an account. It is on the worklist from its end on until it has an outcome. It
    belongs to the owner who is named, else to the `person` who asks, else to the account's owner. `links`
    say what it comes from: `follows_id`, `rescheduled_from_id`, `series_id` and `series_on`."""
    rules.require_ahead(at, now=now, zone=zone)
    activity = Activity(
        **{"activity_id": new_id("act")} | links,
        account_id=account_id,
        kind=kind,
        direction=direction,
        status=ActivityStatus.PLANNED,
        subject=subject,
        owner_id=_choose_owner(session, account_id, owner_id, person),
        contact_ids=_require_contacts(session, account_id, contact_ids),
        at=at,
        minutes=minutes,
        planned_at=at,
        planned_by=by,
    )
    session.add(activity)
    key = activity.activity_id
    schedule(session, ActivityDue, key=key, at=activity.ends_at, activity_id=key)
    return _announce(session, events.ActivityPlanned, activity)


def log_activity(
    session: Session,
    *,
    account_id: str,
    kind: ActivityKind,
    direction: Direction,
    subject: str | None,
    owner_id: str | None,
    now: datetime,
    by: str,
    person: str | None,
    zone: tzinfo,
    **said: Any,
) -> dict[str, Any]:
    """Note an activity that was held, with or without a plan for it, and what follows."""
    activity = Activity(
        activity_id=new_id("act"),
        account_id=account_id,
        kind=kind,
        direction=direction,
        status=ActivityStatus.PLANNED,
        subject=subject or kind.capitalize(),
        owner_id=_choose_owner(session, account_id, owner_id, person),
        contact_ids=[],
        at=now,
    )
    return _hold(session, activity, now=now, by=by, zone=zone, **said)


def hold_activity(session: Session, *, activity_id: str, **said: Any) -> dict[str, Any]:
    """Say that a planned activity was held and what came of it, and what follows."""
    activity = fetch_for_change(session, Activity, activity_id)
    return _hold(session, activity, **said)


def miss_activity(
    session: Session,
    *,
    activity_id: str,
    reason: str,
    next_step: Mapping[str, Any] | None,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> dict[str, Any]:
    """Say why a planned activity was not held, and what follows."""
    activity = fetch_for_change(session, Activity, activity_id)
    status = rules.move_activity(activity.status, ActivityAction.MISS)
    rules.require_begun(activity.at, now=now)
    activity.outcome = ActivityOutcome.NOT_HELD
    _close(session, activity, status, reason=reason, now=now, by=by)
    _announce(session, events.ActivityNotHeld, activity)
    return _with_next(session, activity, next_step, now=now, by=by, zone=zone)


def reschedule_activity(
    session: Session,
    *,
    activity_id: str,
    at: datetime,
    reason: str,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> Activity:
    """Plan an activity anew for another time; the old one and the new one name each other."""
    old = fetch_for_change(session, Activity, activity_id)
    status = rules.move_activity(old.status, ActivityAction.RESCHEDULE)
    old.rescheduled_to_id = new_id("act")
    _close(session, old, status, reason=reason, now=now, by=by)
    _announce(session, events.ActivityRescheduled, old)
    return plan_activity(
        session,
        activity_id=old.rescheduled_to_id,
        rescheduled_from_id=activity_id,
        person=old.owner_id,
        **{name: getattr(old, name) for name in _SAME},
        at=at,
        now=now,
        by=by,
        zone=zone,
    )


def cancel_activity(
    session: Session, *, activity_id: str, reason: str, now: datetime, by: str
) -> Activity:
    """Say why a planned activity is not needed."""
    activity = fetch_for_change(session, Activity, activity_id)
    status = rules.move_activity(activity.status, ActivityAction.CANCEL)
    _close(session, activity, status, reason=reason, now=now, by=by)
    return _announce(session, events.ActivityCancelled, activity)


def correct_activity(
    session: Session,
    *,
    activity_id: str,
    now: datetime,
    by: str,
    held_at: datetime | None = None,
    **changes: Any,
) -> Activity:
    """Change what was sent of what was said, and nothing else, within a day. The old wording is kept, and
    what followed stays as it is."""
    activity = fetch_for_change(session, Activity, activity_id)
    rules.move_activity(activity.status, ActivityAction.CORRECT)
    assert activity.closed_at is not None, "what is held has an outcome"
    rules.require_correctable(activity.closed_at, now=now)
    changes |= {"at": held_at} if held_at is not None else {}
    if "contact_ids" in changes:
        changes["contact_ids"] = _require_contacts(
            session, activity.account_id, changes["contact_ids"]
        )
    if all(getattr(activity, name) == value for name, value in changes.items()):
        return activity
    _say(activity, now=now, **{name: getattr(activity, name) for name in _SAID} | changes)
    _keep_wording(session, activity, now=now, by=by)
    return _announce(session, events.ActivityCorrected, activity)


def tell_overdue(session: Session, *, activity_id: str, zone: tzinfo) -> None:
    """A planned activity whose time is over waits for its outcome, on the worklist."""
    activity = fetch_for_change(session, Activity, activity_id)
    if activity.status != ActivityStatus.PLANNED:
        return
    due = Due(
        account_id=activity.account_id,
        reason=rules.VISIT_DUE,
        about=activity_id,
        since=day_at(activity.at, zone),
        sentence=rules.explain_due(activity.kind, activity.at, activity.subject, zone=zone),
    )
    tell_due(session, due)


def pass_on_activities(
    session: Session,
    was_theirs: Callable[[Any], ColumnElement[bool]],
    *,
    note: str,
    by: str,
    **_: Any,
) -> None:
    """Give planned activities that were somebody's to who owns their accounts now, in one go."""
    of_account = Activity.account_id == Account.account_id
    is_planned = Activity.status == ActivityStatus.PLANNED
    goes_on = (Activity.owner_id != Account.owner_id, is_planned, was_theirs(Activity))
    found = select(Activity.activity_id).join(Account, of_account).where(*goes_on)
    found = found.order_by(Activity.activity_id).with_for_update(key_share=True, of=Activity)
    passed = session.scalars(
        update(Activity)
        .where(Activity.activity_id.in_(found), of_account)
        .values(owner_id=Account.owner_id, version=Activity.version + 1)
        .returning(Activity),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    for activity in passed:
        _announce(session, events.ActivityPassedOn, activity, reason=note, passed_by=by)


def set_follow_up_rules(session: Session, *, given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Say what follows which activities, instead of all that was said before."""
    rules.require_rules([FollowUpRule(**one) for one in given])
    session.execute(delete(FollowUp))
    insert_rows(session, FollowUp, given)
    return queries.list_follow_up_rules(session)


def _hold(
    session: Session,
    activity: Activity,
    *,
    held_at: datetime | None,
    contact_ids: Sequence[str] | None,
    next_step: Mapping[str, Any] | None,
    now: datetime,
    by: str,
    zone: tzinfo,
    **said: Any,
) -> dict[str, Any]:
    status = rules.move_activity(activity.status, ActivityAction.HOLD)
    people = activity.contact_ids if contact_ids is None else contact_ids
    people = _require_contacts(session, activity.account_id, people)
    _say(activity, now=now, at=held_at or min(activity.at, now), contact_ids=people, **said)
    _close(session, activity, status, reason=None, now=now, by=by)
    session.add(activity)
    _announce(session, events.ActivityHeld, activity)
    _keep_wording(session, activity, now=now, by=by)
    return _with_next(session, activity, next_step, now=now, by=by, zone=zone)


def _say(
    activity: Activity,
    *,
    outcome: ActivityOutcome,
    note: str | None,
    promise: str | None,
    at: datetime,
    minutes: int,
    contact_ids: Sequence[str],
    now: datetime,
) -> None:
    rules.require_outcome(activity.kind, outcome, note)
    rules.require_past(at, now=now)
    activity.outcome, activity.note, activity.promise = outcome, note, promise
    activity.at, activity.minutes, activity.contact_ids = at, minutes, list(contact_ids)


def _keep_wording(session: Session, activity: Activity, *, now: datetime, by: str) -> None:
    said = {name: getattr(activity, name) for name in (*_SAID, "activity_id", "account_id")}
    session.add(ActivityWording(**said, worded_by=by, worded_at=now))


def _with_next(
    session: Session, activity: Activity, sent: Mapping[str, Any] | None, **moment: Any
) -> dict[str, Any]:
    """The activity with what follows it: the step that was sent, else what the rule says."""
    assert activity.outcome is not None, "what follows depends on it"
    step, way = None, Way.CREATED
    if sent is not None:
        about = sent["subject"] or rules.name_follow_up(activity.subject)
        step = NextStep(sent["kind"], sent["at"], about)
        rules.require_ahead(step.at, now=moment["now"], zone=moment["zone"], field="next_step/at")
    elif rule := queries.find_follow_up(session, activity.kind, activity.outcome):
        step, way = _choose_step(session, activity, rule, moment["now"], moment["zone"]), rule.way
    created = None
    if step is not None and way == Way.CREATED:
        created = _create(session, activity, step, **moment)
    columns = {column.key: getattr(activity, column.key) for column in Activity.__table__.columns}
    suggested = step if created is None else None
    return columns | {"suggested": suggested, "created": created}


def _choose_step(
    session: Session, activity: Activity, rule: FollowUpRule, now: datetime, zone: tzinfo
) -> NextStep:
    working = read_working_time(session, zone=zone, moment=now)
    facts: dict[str, Any] = {"subject": activity.subject, "planned_at": activity.planned_at}
    return rules.choose_step(rule, **facts, now=now, working=working)


def _create(
    session: Session, activity: Activity, step: NextStep, *, now: datetime, by: str, zone: tzinfo
) -> Activity:
    return plan_activity(
        session,
        account_id=activity.account_id,
        kind=step.kind,
        at=step.at,
        subject=step.subject,
        contact_ids=activity.contact_ids,
        person=activity.owner_id,
        follows_id=activity.activity_id,
        now=now,
        by=by,
        zone=zone,
    )


def _close(
    session: Session,
    activity: Activity,
    status: ActivityStatus,
    *,
    reason: str | None,
    now: datetime,
    by: str,
) -> None:
    activity.status, activity.reason = status, reason
    activity.closed_by, activity.closed_at = by, now
    drop(session, ActivityDue, key=activity.activity_id)
    tell_settled(session, (activity.account_id, rules.VISIT_DUE, activity.activity_id))


def _announce(session: Session, event: type[Any], activity: Activity, **facts: Any) -> Activity:
    session.flush()
    names = event._declared_fields.keys() - facts.keys()
    announce(session, event, **{name: getattr(activity, name) for name in names}, **facts)
    return activity


def _choose_owner(
    session: Session, account_id: str, owner_id: str | None, person: str | None
) -> str:
    account = fetch(session, Account, account_id)
    if owner_id is not None:
        return require_active(session, owner_id).staff_id
    known = session.get(Staff, person) if person is not None else None
    return known.staff_id if known is not None and known.is_active else account.owner_id


def _require_contacts(session: Session, account_id: str, contact_ids: Sequence[str]) -> list[str]:
    rules.require_contacts(contact_ids, queries.known_contacts(session, account_id, contact_ids))
    return [*dict.fromkeys(contact_ids)]
