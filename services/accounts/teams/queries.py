"""Reads of teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_only
from chassis.pages import read_page
from services.accounts.periods.rules import Status
from services.accounts.staff.models import Staff
from services.accounts.teams.models import Team, TeamMember

EVERY_MEMBER = select(TeamMember)
"""What listeners are told of."""


def get_team(session: Session, *, team_id: str) -> Team:
    """One team."""
    return fetch_only(session, Team, team_id)


def list_teams(
    session: Session, *, is_open: bool | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Teams by name."""
    teams = select(Team)
    if is_open is not None:
        teams = teams.where(Team.closed_on.is_(None) if is_open else Team.closed_on.is_not(None))
    return read_page(session, teams, by=[Team.name], limit=limit, after=after)


def list_team_members(
    session: Session, *, team_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """Who is, was and will be in a team, in the order in which it was agreed."""
    fetch(session, Team, team_id)
    members = select(TeamMember).where(TeamMember.team_id == team_id)
    return read_page(session, members, by=[TeamMember.membership_id], limit=limit, after=after)


def read_team(session: Session, team_id: str) -> Sequence[Staff]:
    """The people who are in a team now."""
    standing = select(TeamMember.staff_id).where(
        TeamMember.team_id == team_id, TeamMember.status == Status.STANDING
    )
    return session.scalars(select(Staff).where(Staff.staff_id.in_(standing))).all()
