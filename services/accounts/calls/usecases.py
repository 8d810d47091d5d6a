"""What happens to calls: told, known or assigned, called back in time or late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.calendar import day_at
from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Channel, Tier
from services.accounts.activities.queries import known_contacts
from services.accounts.activities.rules import (
    NOBODY_REACHED,
    ActivityKind,
    ActivityOutcome,
    Direction,
    require_contacts,
)
from services.accounts.calendars.queries import read_timetable
from services.accounts.calls import events, queries, rules
from services.accounts.calls.models import Call, CallbackTime
from services.accounts.calls.rules import CallAction, CallStatus
from services.accounts.clocks.usecases import superior_of
from services.accounts.company.queries import get_country
from services.accounts.contacts.models import Contact
from services.accounts.contacts.rules import read_phone
from services.accounts.dues import CallbackLate
from services.accounts.reasons.rules import Due
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import require_active


def record_call(
    session: Session,
    *,
    phone: str | None,
    rung_at: datetime,
    answered_at: datetime | None,
    staff_id: str | None,
    minutes: int | None,
    account_id: str | None,
    contact_id: str | None,
    now: datetime,
    by: str,
    person: str | None,
    zone: tzinfo,
) -> Call:
    """Note a call that came in. Whose it is, its number says where the caller of this does not; one that
    is nobody's, or that several accounts share, is kept to be assigned by hand."""
    times: dict[str, Any] = {"rung_at": rung_at, "answered_at": answered_at, "minutes": minutes}
    rules.require_times(**times, now=now)
    rules.require_account(account_id, contact_id)
    if staff_id is not None:
        require_active(session, staff_id)
    number = phone and read_phone(phone, country=get_country(session), field="phone")
    if account_id is None and number is not None:
        matches = queries.find_matches(session, number, today=day_at(now, zone))
        account_id, contact_id = rules.choose_match(matches)
    if staff_id is None and answered_at is not None:
        staff_id = _find_staff(session, person)
    call = Call(call_id=new_id("cll"), phone=number, staff_id=staff_id, **times)
    call.recorded_by, call.recorded_at = by, now
    belongs = _find_whose(session, call, account_id, contact_id, zone)
    return _belong(session, call, zone=zone, **belongs)


def assign_call(
    session: Session,
    *,
    call_id: str,
    account_id: str,
    contact_id: str | None,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> Call:
    """Say whose call it was that nobody knew. One that was missed is to be called back from then on."""
    call = fetch_for_change(session, Call, call_id)
    rules.require_unknown(call.account_id)
    belongs = _find_whose(session, call, account_id, contact_id, zone)
    return _belong(session, call, zone=zone, **belongs, assigned_by=by, assigned_at=now)


def call_back(
    session: Session, *, call_id: str, at: datetime | None, now: datetime, by: str
) -> Call:
    """Say that somebody who was not answered was called back."""
    call = fetch_for_change(session, Call, call_id)
    rules.require_move(call.status, CallAction.CALL_BACK)
    rules.require_back(at or now, rung_at=call.rung_at, now=now)
    _settle(session, call, at=at or now, by=by)
    return call


def hear_held(
    session: Session,
    *,
    account_id: str,
    kind: ActivityKind,
    direction: Direction,
    outcome: ActivityOutcome,
    at: datetime,
    closed_by: str,
) -> None:
    """A call to an account that reached somebody calls back whoever had rung there before."""
    if (kind, direction) != (ActivityKind.CALL, Direction.OUT) or outcome in NOBODY_REACHED:
        return
    waiting = select(Call).where(
        Call.account_id == account_id,
        Call.answered_at.is_(None),
        Call.called_back_at.is_(None),
        Call.rung_at <= at,
    )
    for call in session.scalars(waiting.order_by(Call.call_id).with_for_update(key_share=True)):
        _settle(session, call, at=at, by=closed_by)


def tell_late(session: Session, *, call_id: str, zone: tzinfo) -> None:
    """Whoever was not called back in time is told of once more, as late, to who is above the account's
    owner as well."""
    call = fetch_for_change(session, Call, call_id)
    if call.status == CallStatus.MISSED:
        owner_id = session.get_one(Account, call.account_id).owner_id
        superior = superior_of(session, owner_id)
        _tell(session, call, rules.explain_late, zone, superior.staff_id if superior else None)


def set_callback_times(session: Session, **minutes: int) -> dict[str, Any]:
    """Say how soon accounts of each tier are called back; calls that are waiting stay as they are."""
    for tier in Tier:
        session.get_one(CallbackTime, tier).minutes = minutes[f"{tier}_minutes"]
    session.flush()
    return queries.get_callback_times(session)


def _find_whose(
    session: Session, call: Call, account_id: str | None, contact_id: str | None, zone: tzinfo
) -> dict[str, Any]:
    """Whose call it was, and so until when they are called back; nothing where nobody knows."""
    if account_id is None:
        return {}
    account = fetch(session, Account, account_id)
    if contact_id is not None:
        known = known_contacts(session, account_id, [contact_id])
        require_contacts([contact_id], known, field="contact_id")
    due_at = None
    if call.answered_at is None:
        within = timedelta(minutes=session.get_one(CallbackTime, account.tier).minutes)
        due_at = read_timetable(session, zone=zone).after(call.rung_at, within)
    for_whom = call.staff_id or (account.owner_id if call.answered_at is None else None)
    whose = {"account_id": account_id, "contact_id": contact_id, "due_at": due_at}
    return whose | {"staff_id": for_whom}


def _belong(session: Session, call: Call, *, zone: tzinfo, **facts: Any) -> Call:
    for name, value in facts.items():
        setattr(call, name, value)
    session.add(call)
    session.flush()
    if call.account_id is not None:
        is_answered = call.status == CallStatus.ANSWERED
        event = events.CallAnswered if is_answered else events.CallMissed
        announce(session, event, **{name: getattr(call, name) for name in event._declared_fields})
    if call.status == CallStatus.MISSED and call.due_at is not None:
        schedule(session, CallbackLate, key=call.call_id, at=call.due_at, call_id=call.call_id)
        _tell(session, call, rules.explain_callback, zone)
    return call


def _find_staff(session: Session, person: str | None) -> str | None:
    known = session.get(Staff, person) if person is not None else None
    return known.staff_id if known is not None else None


def _tell(
    session: Session,
    call: Call,
    explain: Callable[..., str],
    zone: tzinfo,
    to_staff_id: str | None = None,
) -> None:
    assert call.account_id is not None and call.due_at is not None, "somebody is to call back"
    name = session.get_one(Contact, call.contact_id).name if call.contact_id else "Somebody"
    who = f"{name} ({call.phone})" if call.phone else name
    due = Due(
        account_id=call.account_id,
        reason=rules.CALLBACK,
        about=call.call_id,
        since=day_at(call.rung_at, zone),
        sentence=explain(who, rung_at=call.rung_at, due_at=call.due_at, zone=zone),
        channel=Channel.PHONE,
        to_staff_id=to_staff_id,
    )
    tell_due(session, due)


def _settle(session: Session, call: Call, *, at: datetime, by: str) -> None:
    call.called_back_at, call.called_back_by = at, by
    drop(session, CallbackLate, key=call.call_id)
    if call.account_id is not None:
        tell_settled(session, (call.account_id, rules.CALLBACK, call.call_id))
    session.flush()
