"""What is announced of teams. Who is in one sees its accounts: every service keeps that."""

from __future__ import annotations

from chassis.events import Event
from chassis.fields import Day, Flag, Id, Whole
from services.accounts.shapes import told

MEMBER = {
    "team_id": "team_01jd3v4q6ye8z9t5k2m7n0p1xt",
    "membership_id": "mem_01jd3v4q6ye8z9t5k2m7n0p1xm",
    "version": 1,
    "staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "from_on": "2026-03-02",
    "until_on": None,
    "is_standing": True,
}


class TeamMemberSnapshot(Event):
    """A person's time in a team as it is after the event. Keep the one with the highest `version`."""

    about = "team_id"
    sight = "memberships"

    team_id = Id("team", required=True)
    membership_id = Id("mem", required=True)
    version = Whole(**told("Grows with every change of the membership."))
    staff_id = Id("stf", **told("Who is in the team."))
    from_on = Day(**told("The first day."))
    until_on = Day(**told("The last day; null: until further.", allow_none=True))
    is_standing = Flag(**told("Whether they are in it now, and see its accounts."))


class TeamMemberAdded(TeamMemberSnapshot):
    """A person joined a team, at once or from a later day on."""

    says = "Joined a team from {from_on}."
    example = MEMBER


class TeamMemberBegan(TeamMemberSnapshot):
    """The first day of a person in a team has come."""

    says = "In the team from today."
    example = MEMBER | {"version": 2}


class TeamMemberEnded(TeamMemberSnapshot):
    """A person is in a team no more."""

    says = "Left the team."
    example = MEMBER | {"version": 3, "is_standing": False, "until_on": "2026-06-30"}
