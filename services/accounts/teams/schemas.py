"""What comes in and goes out about teams."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Flag, Id, OneLine, PageQuery, Schema, Whole
from services.accounts.periods.rules import Status

NAME = {"description": "What the team is called; one team only."}
FROM_ON = {"description": "The first day; today if left out."}
UNTIL_ON = {"description": "The last day, included; null: until further."}


class Team(Schema):
    """People who look after accounts together."""

    team_id = Id("team", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    closed_on = Day(
        required=True, allow_none=True, metadata={"description": "The day it was closed."}
    )


class OpenTeam(Schema):
    """A new team."""

    name = OneLine(longest=200, required=True, metadata=NAME)


class EditTeam(Schema):
    """What changes about a team; what is left out stays as it is."""

    team_id = Id("team", required=True)
    name = OneLine(longest=200, metadata=NAME)

    example: ClassVar = {"name": "Key accounts north"}


class TeamId(Schema):
    """One team."""

    team_id = Id("team", required=True)


class TeamsQuery(PageQuery):
    """Which teams to list."""

    is_open = Flag(load_default=None, metadata={"description": "False: only those closed."})


class TeamMember(Schema):
    """One person's time in a team."""

    membership_id = Id("mem", required=True)
    version = Whole(required=True)
    team_id = Id("team", required=True)
    staff_id = Id("stf", required=True, metadata={"description": "Who is in it."})
    from_on = Day(required=True, metadata={"description": "The first day."})
    until_on = Day(required=True, allow_none=True, metadata=UNTIL_ON)
    status = fields.Enum(
        Status,
        by_value=True,
        required=True,
        metadata={"description": "Only whose time stands sees the team's accounts."},
    )


class AddTeamMember(Schema):
    """Who joins the team, from when to when."""

    team_id = Id("team", required=True)
    staff_id = Id("stf", required=True, metadata={"description": "Somebody who works here."})
    from_on = Day(load_default=None, allow_none=True, metadata=FROM_ON)
    until_on = Day(load_default=None, allow_none=True, metadata=UNTIL_ON)


class EndTeamMember(Schema):
    """Whose time in the team ends."""

    membership_id = Id("mem", required=True)


class TeamMembersQuery(PageQuery):
    """Whose members to list."""

    team_id = Id("team", required=True)
