"""What happens to hand-overs: they are drafted, packed, offered, accepted or returned, cancelled. Each of
these is a step that goes through the accounts in chunks, by due times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change, require_person
from chassis.due import schedule
from chassis.outbox import announce
from kernel.calendar import add_days, moment_at
from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.accounts.clocks.usecases import superior_of
from services.accounts.dues import HandOverGoesOn, HandOverLate
from services.accounts.hand_over_steps.models import HandOverAccount
from services.accounts.hand_over_steps.rules import WAITING, AccountStatus, Action, Step
from services.accounts.hand_over_steps.usecases import (
    do_with,
    go_through_chunk,
    take_accounts,
    try_parked_again,
)
from services.accounts.hand_overs import events, queries, rules
from services.accounts.hand_overs.models import HandOver
from services.accounts.hand_overs.rules import Status
from services.accounts.packs.rules import Pack
from services.accounts.packs.usecases import draw, read_pack
from services.accounts.periods.rules import TURNS_AT
from services.accounts.reasons.queries import find_accounts
from services.accounts.reasons.rules import Due, Kind
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import require_active

_EVENTS: Mapping[Action, type[Any]] = {
    Action.PACK: events.HandOverPacked,
    Action.OFFER: events.HandOverOffered,
    Action.CANCEL: events.HandOverCancelled,
}


def draft_hand_over(
    session: Session,
    *,
    from_id: str,
    to_id: str,
    accounts: list[str] | None,
    reason: str,
    by_on: date,
    today: date,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> dict[str, Any]:
    """Write down which accounts go from whom to whom. Nothing happens to them yet."""
    rules.require_two(from_id=from_id, to_id=to_id)
    fetch(session, Staff, from_id)
    require_person(session, from_id)
    require_active(session, to_id)
    if by_on < today:
        raise Invalid("by_in_past", f"Name {today} or a later day.", field="by_on")
    hand_over = HandOver(
        hand_over_id=new_id("hov"),
        from_id=from_id,
        to_id=to_id,
        reason=reason,
        by_on=by_on,
        status=Status.DRAFTED,
        drafted_by=by,
        drafted_at=now,
    )
    session.add(hand_over)
    session.flush()
    take_accounts(
        session,
        hand_over_id=hand_over.hand_over_id,
        from_id=from_id,
        accounts=accounts,
        now=now,
        by=by,
    )
    late_at = moment_at(add_days(by_on, 1), TURNS_AT, zone)
    key = hand_over.hand_over_id
    schedule(session, HandOverLate, key=key, at=late_at, hand_over_id=key)
    _announce(session, events.HandOverDrafted, hand_over)
    return queries.with_counts(session, hand_over)


def pack_hand_over(
    session: Session, *, hand_over_id: str, now: datetime, by: str
) -> dict[str, Any]:
    """Freeze what a successor needs to know of each account; of those that are parked, once more."""
    hand_over = _lock(session, hand_over_id, side="from_id")
    answer = _begin(session, hand_over, Action.PACK, now=now, by=by)
    try_parked_again(session, hand_over_id)
    return answer


def offer_hand_over(
    session: Session, *, hand_over_id: str, now: datetime, by: str
) -> dict[str, Any]:
    """Let the successor see the accounts, and accept or return each."""
    hand_over = _lock(session, hand_over_id, side="from_id")
    require_active(session, hand_over.to_id)
    _require_packed(session, hand_over)
    return _begin(session, hand_over, Action.OFFER, now=now, by=by)


def cancel_hand_over(
    session: Session, *, hand_over_id: str, now: datetime, by: str
) -> dict[str, Any]:
    """Leave with the predecessor what was not accepted or returned."""
    hand_over = _lock(session, hand_over_id, side="from_id")
    return _begin(session, hand_over, Action.CANCEL, now=now, by=by)


def accept_accounts(
    session: Session,
    *,
    hand_over_id: str,
    accounts: list[str] | None,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Own accounts that were offered, from now on."""
    hand_over = _lock(session, hand_over_id, side="to_id")
    step = _step(hand_over, Action.ACCEPT, today=today, now=now, by=by)
    return _settle(session, hand_over, step, accounts)


def return_accounts(
    session: Session,
    *,
    hand_over_id: str,
    accounts: list[str] | None,
    missing: str,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Say of accounts that were offered what is missing; they go to whom the predecessor reports to."""
    hand_over = _lock(session, hand_over_id, side="to_id")
    step = _step(hand_over, Action.RETURN, today=today, now=now, by=by, missing=missing)
    return _settle(session, hand_over, step, accounts)


def go_on(session: Session, *, hand_over_id: str, today: date, now: datetime) -> None:
    """Go through the next accounts of a step, and end it where there are no more."""
    hand_over = fetch_for_change(session, HandOver, hand_over_id)
    if hand_over.step is None:
        return
    step = _step(
        hand_over,
        hand_over.step,
        today=today,
        now=now,
        by=hand_over.step_by or "",
        missing=hand_over.step_missing,
    )
    if go_through_chunk(session, step):
        _schedule(session, hand_over, now)
    else:
        _end_step(session, hand_over, step.action)
        _keep_late_told(session, hand_over, today=today)


def tell_late(session: Session, *, hand_over_id: str, today: date) -> None:
    """The last day has passed: who is above the predecessor is told, if accounts still wait."""
    hand_over = fetch_for_change(session, HandOver, hand_over_id)
    _keep_late_told(session, hand_over, today=today)


def get_pack(session: Session, *, hand_over_id: str, account_id: str) -> dict[str, Any]:
    """The pack of an account, as it was frozen."""
    found = queries.find_pack(session, hand_over_id=hand_over_id, account_id=account_id)
    names = ("hand_over_id", "account_id", "packed_at", "sha256")
    return {name: getattr(found, name) for name in names} | {"pack": read_pack(found.pack or "")}


def draw_pack(session: Session, *, hand_over_id: str, account_id: str) -> bytes:
    """The same on paper."""
    found = queries.find_pack(session, hand_over_id=hand_over_id, account_id=account_id)
    assert found.pack is not None and found.sha256 is not None and found.packed_at is not None
    before, after = queries.read_parties(session, hand_over_id)
    subtitle = f"Handed over by {before} to {after}; packed {found.packed_at:%Y-%m-%d %H:%M} UTC."
    return draw(Pack(found.pack, found.sha256), subtitle=subtitle, frozen_at=found.packed_at)


def _require_packed(session: Session, hand_over: HandOver) -> None:
    rules.next_status(hand_over.status, Action.OFFER)
    if AccountStatus.PACKED not in queries.with_counts(session, hand_over)["accounts"]:
        detail = "No account is packed; see why they are parked, and pack the hand-over again."
        raise Conflict("nothing_packed", detail)


def _begin(
    session: Session,
    hand_over: HandOver,
    action: Action,
    *,
    now: datetime,
    by: str,
    missing: str | None = None,
) -> dict[str, Any]:
    """Begin a step that goes through all accounts."""
    rules.require_idle(hand_over.step)
    rules.next_status(hand_over.status, action)
    hand_over.step, hand_over.step_by, hand_over.step_missing = action, by, missing
    _schedule(session, hand_over, now)
    session.flush()
    return queries.with_counts(session, hand_over)


def _settle(
    session: Session, hand_over: HandOver, step: Step, accounts: list[str] | None
) -> dict[str, Any]:
    """Accept or return all, as a run, or some, now."""
    if accounts is None:
        return _begin(
            session, hand_over, step.action, now=step.now, by=step.by, missing=step.missing
        )
    rules.require_idle(hand_over.step)
    rules.next_status(hand_over.status, step.action)
    do_with(session, step, sorted({*accounts}))
    _complete_if_done(session, hand_over)
    _keep_late_told(session, hand_over, today=step.today)
    return queries.with_counts(session, hand_over)


def _step(
    hand_over: HandOver, action: Action, *, missing: str | None = None, **moment: Any
) -> Step:
    names = ("hand_over_id", "from_id", "to_id", "reason")
    facts = {name: getattr(hand_over, name) for name in names}
    return Step(action=action, missing=missing, **facts, **moment)


def _end_step(session: Session, hand_over: HandOver, action: Action) -> None:
    hand_over.step = hand_over.step_by = hand_over.step_missing = None
    hand_over.status = rules.next_status(hand_over.status, action)
    if action in _EVENTS:
        _announce(session, _EVENTS[action], hand_over)
    _complete_if_done(session, hand_over)


def _keep_late_told(session: Session, hand_over: HandOver, *, today: date) -> None:
    """Have one reason stand for a hand-over that is late: at the first of its accounts that waits."""
    if today <= hand_over.by_on:
        return
    late = (Kind.HAND_OVER_LATE, hand_over.hand_over_id)
    account_id, count = queries.read_waiting(session, hand_over.hand_over_id)
    told = find_accounts(session, *late)
    tell_settled(session, *((one, *late) for one in told - {account_id}))
    if account_id is None or account_id in told:
        return
    before, after = queries.read_parties(session, hand_over.hand_over_id)
    superior = superior_of(session, hand_over.from_id)
    due = Due(
        account_id=account_id,
        reason=Kind.HAND_OVER_LATE,
        about=hand_over.hand_over_id,
        since=hand_over.by_on,
        sentence=rules.say_late(before, after, by_on=hand_over.by_on, count=count),
        to_staff_id=superior.staff_id if superior else None,
    )
    tell_due(session, due)


def _complete_if_done(session: Session, hand_over: HandOver) -> None:
    session.flush()
    # The table and not the model: accounts that the caller sees no more count too.
    account = HandOverAccount.__table__.c
    waiting = exists().where(
        account.hand_over_id == hand_over.hand_over_id, account.status.in_(WAITING)
    )
    if hand_over.status == Status.OFFERED and not session.scalar(select(waiting)):
        hand_over.status = rules.next_status(hand_over.status, Action.COMPLETE)
        _announce(session, events.HandOverCompleted, hand_over)


def _lock(session: Session, hand_over_id: str, side: str) -> HandOver:
    require_person(session, getattr(fetch(session, HandOver, hand_over_id), side))
    return fetch_for_change(session, HandOver, hand_over_id)


def _schedule(session: Session, hand_over: HandOver, now: datetime) -> None:
    key = hand_over.hand_over_id
    schedule(session, HandOverGoesOn, key=key, at=now, hand_over_id=key)


def _announce(session: Session, event: type[Any], hand_over: HandOver) -> None:
    session.flush()
    announce(session, event, **{name: getattr(hand_over, name) for name in event._declared_fields})
