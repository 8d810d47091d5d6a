"""What happens to helpers and teams of accounts: they are added, begin, end; their work is looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.accounts.accounts.models import Account
from services.accounts.dues import SharingTurns
from services.accounts.periods.rules import (
    Action,
    Status,
    first_status,
    next_status,
    next_turn,
    overlap,
    require_period,
    turn_on,
)
from services.accounts.reasons.rules import Due
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.sharing import events, rules
from services.accounts.sharing.models import RoleLook, Sharing
from services.accounts.staff.models import Staff
from services.accounts.staff.rules import Role
from services.accounts.staff.usecases import require_active
from services.accounts.teams.usecases import require_open_team

LOOK = "follow_up"
"""The kind of reason by which an owner is asked to look at a helper's work."""


def add_helper(
    session: Session,
    *,
    account_id: str,
    staff_id: str,
    purpose: str,
    from_on: date | None,
    until_on: date | None,
    needs_look: bool | None,
    today: date,
    now: datetime,
    zone: tzinfo,
    by: str,
) -> Sharing:
    """Let somebody help with an account, from today or a later day on."""
    account = fetch_for_change(session, Account, account_id)
    helper = require_active(session, staff_id)
    rules.require_another(owner_id=account.owner_id, staff_id=staff_id, name=helper.name)
    from_on = from_on or today
    require_period(from_on=from_on, until_on=until_on, today=today)
    _require_not_helping(session, account_id, staff_id, from_on, until_on)
    if needs_look is None:
        needs_look = session.get_one(RoleLook, helper.role).needs_look
    sharing = _new(
        account_id,
        name=helper.name,
        staff_id=staff_id,
        purpose=purpose,
        from_on=from_on,
        until_on=until_on,
        status=first_status(from_on, today),
        needs_look=needs_look,
        agreed_by=by,
        agreed_at=now,
    )
    session.add(sharing)
    _keep_turn(session, sharing, zone)
    announce_sharing(session, events.HelperAdded, sharing)
    return sharing


def give_team(
    session: Session,
    *,
    account_id: str,
    team_id: str,
    purpose: str,
    today: date,
    now: datetime,
    by: str,
) -> Sharing:
    """Let a team look after an account beside its owner; the one that did so before does no more."""
    fetch_for_change(session, Account, account_id)
    team = require_open_team(session, team_id)
    before = session.scalars(
        select(Sharing).where(
            Sharing.account_id == account_id,
            Sharing.team_id.is_not(None),
            Sharing.status != Status.ENDED,
        )
    ).one_or_none()
    if before is not None and before.team_id == team_id:
        detail = f"Team {team.name} looks after the account already."
        raise Conflict("same_team", detail, field="team_id")
    if before is not None:
        end(session, before, today=today)
    sharing = _new(
        account_id,
        name=team.name,
        team_id=team_id,
        purpose=purpose,
        from_on=today,
        status=Status.STANDING,
        needs_look=False,
        agreed_by=by,
        agreed_at=now,
    )
    session.add(sharing)
    announce_sharing(session, events.TeamGiven, sharing)
    return sharing


def share_accounts(
    session: Session,
    accounts: Sequence[Account],
    staff: Staff,
    purpose: str,
    *,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, str]:
    """Let somebody help with locked accounts from today on, but for those with which they do; the ids of
    what was agreed, by account."""
    ids = [account.account_id for account in accounts]
    helping = select(Sharing.account_id).where(
        Sharing.account_id.in_(ids),
        Sharing.staff_id == staff.staff_id,
        Sharing.status != Status.ENDED,
    )
    agreed = [
        _new(
            account_id,
            name=staff.name,
            staff_id=staff.staff_id,
            purpose=purpose,
            from_on=today,
            status=Status.STANDING,
            needs_look=False,
            agreed_by=by,
            agreed_at=now,
        )
        for account_id in sorted({*ids} - {*session.scalars(helping)})
    ]
    session.add_all(agreed)
    for sharing in agreed:
        announce_sharing(session, events.HelperAdded, sharing)
    return {sharing.account_id: sharing.sharing_id for sharing in agreed}


def end_sharings(session: Session, sharing_ids: Collection[str], *, today: date) -> None:
    """End those of these that have not ended, whose accounts the caller has locked."""
    last = func.greatest(Sharing.from_on, func.least(Sharing.until_on, today))
    ended = session.scalars(
        update(Sharing)
        .where(Sharing.sharing_id.in_(sharing_ids), Sharing.status != Status.ENDED)
        .values(status=Status.ENDED, until_on=last, version=Sharing.version + 1)
        .returning(Sharing),
        execution_options={"populate_existing": True, "synchronize_session": False},
    )
    for sharing in ended.all():
        _tell_end(session, sharing)


def end_sharing(session: Session, *, sharing_id: str, today: date) -> Sharing:
    """Let a helper or a team look after an account no more."""
    sharing = _lock(session, sharing_id)
    end(session, sharing, today=today)
    return sharing


def turn_sharing(session: Session, *, sharing_id: str, today: date, zone: tzinfo) -> None:
    """Begin or end a helper's time whose day has come."""
    sharing = _lock(session, sharing_id)
    action = turn_on(today, sharing.status, from_on=sharing.from_on, until_on=sharing.until_on)
    if action == Action.END:
        end(session, sharing, today=today)
    elif action == Action.BEGIN:
        sharing.status = next_status(sharing.status, action)
        announce_sharing(session, events.HelperBegan, sharing)
    _keep_turn(session, sharing, zone)


def end_help_of(session: Session, *, staff_id: str, today: date) -> None:
    """End all that a person helps with."""
    helps = session.execute(
        select(Sharing.account_id, Sharing.sharing_id).where(
            Sharing.staff_id == staff_id, Sharing.status != Status.ENDED
        )
    ).all()
    fetch_all_for_change(session, Account, {one.account_id for one in helps})
    for sharing in fetch_all_for_change(session, Sharing, [one.sharing_id for one in helps]):
        end(session, sharing, today=today)


def note_work(session: Session, *, account_id: str, by: str, on: date) -> None:
    """Ask the owner to look at what somebody recorded who helps with the account, where their work needs
    that."""
    found = select(Sharing.sharing_id).where(
        Sharing.account_id == account_id,
        Sharing.staff_id == by,
        Sharing.status == Status.STANDING,
        Sharing.needs_look,
    )
    sharing_id = session.scalars(found).one_or_none()
    if sharing_id is None:
        return
    sharing = _lock(session, sharing_id)
    sharing.to_look_at += 1
    sharing.to_look_at_since = since = sharing.to_look_at_since or on
    sentence = rules.look_sentence(name=sharing.name, count=sharing.to_look_at, since=since)
    due = Due(account_id=account_id, reason=LOOK, about=sharing_id, since=since, sentence=sentence)
    tell_due(session, due)


def look_at_work(
    session: Session, *, sharing_id: str, now: datetime, by: str, staff_id: str | None
) -> Sharing:
    """Note that somebody looked at what a helper recorded until now."""
    sharing = _lock(session, sharing_id)
    rules.require_not_own_work(staff_id=staff_id, helper_id=sharing.staff_id or "")
    if sharing.to_look_at:
        sharing.to_look_at, sharing.to_look_at_since = 0, None
        sharing.looked_at_by, sharing.looked_at = by, now
        tell_settled(session, (sharing.account_id, LOOK, sharing_id))
    session.flush()
    return sharing


def set_role_look(session: Session, *, role: Role, needs_look: bool) -> RoleLook:
    """Say whether the work of helpers with a role needs the owner's look, if agreed from now on."""
    look = session.get_one(RoleLook, role, with_for_update=True)
    look.needs_look = needs_look
    session.flush()
    return look


def end(session: Session, sharing: Sharing, *, today: date) -> None:
    """End a sharing whose account the caller has locked. What was to be looked at is still to be."""
    sharing.status = next_status(sharing.status, Action.END)
    sharing.until_on = max(sharing.from_on, min(today, sharing.until_on or today))
    _tell_end(session, sharing)


def announce_sharing(session: Session, event: type[Any], sharing: Sharing) -> None:
    """Announce what happened to a sharing, with the whole of it and its version after the change."""
    session.flush()
    announce(session, event, **{name: getattr(sharing, name) for name in event._declared_fields})


def _tell_end(session: Session, sharing: Sharing) -> None:
    drop(session, SharingTurns, key=sharing.sharing_id)
    event = events.HelperEnded if sharing.team_id is None else events.TeamTaken
    announce_sharing(session, event, sharing)


def _new(account_id: str, **values: Any) -> Sharing:
    return Sharing(sharing_id=new_id("shr"), account_id=account_id, to_look_at=0, **values)


def _lock(session: Session, sharing_id: str) -> Sharing:
    # The account first, as everybody locks it before what is of it.
    account_id = fetch(session, Sharing, sharing_id).account_id
    fetch_for_change(session, Account, account_id)
    return fetch_for_change(session, Sharing, sharing_id)


def _keep_turn(session: Session, sharing: Sharing, zone: tzinfo) -> None:
    at = next_turn(sharing.status, from_on=sharing.from_on, until_on=sharing.until_on, zone=zone)
    if at is not None:
        key = sharing.sharing_id
        schedule(session, SharingTurns, key=key, at=at, sharing_id=key)


def _require_not_helping(
    session: Session, account_id: str, staff_id: str, from_on: date, until_on: date | None
) -> None:
    known = select(Sharing).where(
        Sharing.account_id == account_id,
        Sharing.staff_id == staff_id,
        Sharing.status != Status.ENDED,
    )
    for one in session.scalars(known):
        if overlap(from_on, until_on, one.from_on, one.until_on):
            raise Conflict(
                "helps_already",
                f"{one.name} helps from {one.from_on} to {one.until_on or 'further notice'} already; "
                "end that first, or name other days.",
                field="staff_id",
            )
