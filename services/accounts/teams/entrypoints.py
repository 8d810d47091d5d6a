"""The ways into teams."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, due, introduces, query
from chassis.fields import page_of
from services.accounts import introductions
from services.accounts.dues import MembershipTurns
from services.accounts.subscriptions import StaffLeft
from services.accounts.teams import queries, schemas, usecases


class Teams:
    """People who look after accounts together: whoever is in a team sees its accounts."""

    @command(
        "POST /v1/teams",
        schemas.OpenTeam,
        returns=schemas.Team,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def open_team(self, session, **values):
        """Make a team, with nobody in it yet. Refused with `duplicate_team` where one is called so."""
        return usecases.open_team(session, **values)

    @query(
        "GET /v1/teams/{team_id}",
        schemas.TeamId,
        returns=schemas.Team,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_team(self, session, **values):
        """One team: its name, and whether it is closed."""
        return queries.get_team(session, **values)

    @query(
        "GET /v1/teams",
        schemas.TeamsQuery,
        returns=page_of(schemas.Team),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_teams(self, session, **values):
        """Teams by name, those that are closed among them."""
        return queries.list_teams(session, **values)

    @command(
        "PATCH /v1/teams/{team_id}",
        schemas.EditTeam,
        returns=schemas.Team,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def edit_team(self, session, **values):
        """Give a team another name."""
        return usecases.edit_team(session, **values)

    @command(
        "POST /v1/teams/{team_id}/close",
        schemas.TeamId,
        returns=schemas.Team,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def close_team(self, session, **values):
        """Close a team for good; who was in it sees its accounts no more."""
        return usecases.close_team(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/teams/{team_id}/members",
        schemas.AddTeamMember,
        returns=schemas.TeamMember,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def add_team_member(self, session, **values):
        """Let a person be in a team, from today or a later day on. It begins and ends by itself at 05:00
        of its days. Refused with `in_team_already` where the time overlaps another of theirs in it."""
        return usecases.add_team_member(
            session, today=self.clock.today(), zone=self.clock.zone, **values
        )

    @query(
        "GET /v1/teams/{team_id}/members",
        schemas.TeamMembersQuery,
        returns=page_of(schemas.TeamMember),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_team_members(self, session, **values):
        """Who is, was and will be in a team."""
        return queries.list_team_members(session, **values)

    @command(
        "POST /v1/team-members/{membership_id}/end",
        schemas.EndTeamMember,
        returns=schemas.TeamMember,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def end_team_member(self, session, **values):
        """Let a person be in a team no more, from now on."""
        return usecases.end_team_member(session, today=self.clock.today(), **values)

    @due(MembershipTurns)
    def turn_membership(self, session, membership_id):
        """Begin or end a membership whose day has come."""
        usecases.turn_membership(
            session,
            membership_id=membership_id,
            today=self.clock.today(),
            zone=self.clock.zone,
        )

    @consumes(StaffLeft)
    def end_memberships_of_who_left(self, session, staff_id):
        """Who has left is in no team."""
        usecases.end_memberships_of(session, staff_id=staff_id, today=self.clock.today())

    @introduces(introductions.TeamMemberIntroduced)
    def introduce_team_members(self):
        """All who are, were and will be in a team."""
        return queries.EVERY_MEMBER
