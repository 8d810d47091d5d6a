"""What happens to teams: they are opened, renamed, closed; people join and leave them."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch_all_for_change, fetch_for_change
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.accounts.dues import MembershipTurns
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
from services.accounts.staff.usecases import require_active
from services.accounts.teams import events
from services.accounts.teams.models import Team, TeamMember

_EVENTS: dict[Action, type[Any]] = {
    Action.BEGIN: events.TeamMemberBegan,
    Action.END: events.TeamMemberEnded,
}


def open_team(session: Session, *, name: str) -> Team:
    """Make a team, with nobody in it yet."""
    team_id = new_id("team")
    _require_free(session, name, team_id)
    team = Team(team_id=team_id, name=name)
    session.add(team)
    session.flush()
    return team


def edit_team(session: Session, *, team_id: str, **changes: Any) -> Team:
    """Change what was sent about a team, and nothing else."""
    team = fetch_for_change(session, Team, team_id)
    if "name" in changes:
        _require_free(session, changes["name"], team_id)
        team.name = changes["name"]
    session.flush()
    return team


def close_team(session: Session, *, team_id: str, today: date) -> Team:
    """Close a team: nobody joins it any more and it gets no account; who is in it is so no more, and so
    sees its accounts no more."""
    team = fetch_for_change(session, Team, team_id)
    if team.closed_on is not None:
        raise Conflict("team_closed", f"Team {team.name} was closed on {team.closed_on} already.")
    team.closed_on = today
    _end_all(session, TeamMember.team_id == team_id, today)
    session.flush()
    return team


def add_team_member(
    session: Session,
    *,
    team_id: str,
    staff_id: str,
    from_on: date | None,
    until_on: date | None,
    today: date,
    zone: tzinfo,
) -> TeamMember:
    """Let a person be in a team, from today or a later day on."""
    team = require_open_team(session, team_id)
    require_active(session, staff_id)
    from_on = from_on or today
    require_period(from_on=from_on, until_on=until_on, today=today)
    _require_not_in_it(session, team, staff_id, from_on, until_on)
    member = TeamMember(
        membership_id=new_id("mem"),
        team_id=team_id,
        staff_id=staff_id,
        from_on=from_on,
        until_on=until_on,
        status=first_status(from_on, today),
    )
    session.add(member)
    _keep_turn(session, member, zone)
    _announce(session, events.TeamMemberAdded, member)
    return member


def end_team_member(session: Session, *, membership_id: str, today: date) -> TeamMember:
    """Let a person be in a team no more."""
    member = fetch_for_change(session, TeamMember, membership_id)
    _end(session, member, today)
    return member


def turn_membership(session: Session, *, membership_id: str, today: date, zone: tzinfo) -> None:
    """Begin or end a membership whose day has come."""
    member = fetch_for_change(session, TeamMember, membership_id)
    action = turn_on(today, member.status, from_on=member.from_on, until_on=member.until_on)
    if action is not None:
        member.status = next_status(member.status, action)
        _announce(session, _EVENTS[action], member)
    _keep_turn(session, member, zone)


def end_memberships_of(session: Session, *, staff_id: str, today: date) -> None:
    """End all of a person's memberships."""
    _end_all(session, TeamMember.staff_id == staff_id, today)


def require_open_team(session: Session, team_id: str) -> Team:
    """The team, locked, which is not closed."""
    team = session.scalars(
        select(Team).where(Team.team_id == team_id).with_for_update(key_share=True)
    ).one_or_none()
    if team is None:
        raise NotFound("team_not_found", f"There is no team {team_id}.")
    if team.closed_on is not None:
        detail = f"Team {team.name} was closed on {team.closed_on}; name one that is open."
        raise Conflict("team_closed", detail, field="team_id")
    return team


def _end_all(session: Session, which: ColumnElement[bool], today: date) -> None:
    ids = session.scalars(
        select(TeamMember.membership_id).where(which, TeamMember.status != Status.ENDED)
    )
    for member in fetch_all_for_change(session, TeamMember, ids.all()):
        _end(session, member, today)


def _end(session: Session, member: TeamMember, today: date) -> None:
    member.status = next_status(member.status, Action.END)
    member.until_on = max(member.from_on, min(today, member.until_on or today))
    drop(session, MembershipTurns, key=member.membership_id)
    _announce(session, events.TeamMemberEnded, member)


def _keep_turn(session: Session, member: TeamMember, zone: tzinfo) -> None:
    at = next_turn(member.status, from_on=member.from_on, until_on=member.until_on, zone=zone)
    if at is not None:
        key = member.membership_id
        schedule(session, MembershipTurns, key=key, at=at, membership_id=key)


def _announce(session: Session, event: type[Any], member: TeamMember) -> None:
    session.flush()
    announce(session, event, **{name: getattr(member, name) for name in event._declared_fields})


def _require_not_in_it(
    session: Session, team: Team, staff_id: str, from_on: date, until_on: date | None
) -> None:
    known = select(TeamMember).where(
        TeamMember.team_id == team.team_id,
        TeamMember.staff_id == staff_id,
        TeamMember.status != Status.ENDED,
    )
    for one in session.scalars(known):
        if overlap(from_on, until_on, one.from_on, one.until_on):
            raise Conflict(
                "in_team_already",
                f"They are in team {team.name} from {one.from_on} to {one.until_on or 'further notice'} "
                "already; end that first, or name other days.",
                field="staff_id",
            )


def _require_free(session: Session, name: str, team_id: str) -> None:
    is_alike = func.lower(Team.name) == func.lower(name)
    taken = session.scalars(select(Team).where(is_alike, Team.team_id != team_id)).first()
    if taken is not None:
        detail = f"There is a team {taken.name} already; choose another name."
        raise Conflict("duplicate_team", detail, field="name")
