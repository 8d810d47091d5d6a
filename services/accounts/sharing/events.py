"""What is announced of who looks after accounts beside their owners. Every service keeps it: it says who
sees what."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Flag, Id, Whole
from services.accounts.shapes import told

HELPER = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "sharing_id": "shr_01jd3v4q6ye8z9t5k2m7n0p1xs",
    "version": 1,
    "staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    "team_id": None,
    "name": "Ben Cole",
    "purpose": "Prepares the yearly review.",
    "from_on": "2026-03-02",
    "until_on": "2026-03-31",
    "is_standing": True,
}
TEAM = HELPER | {
    "staff_id": None,
    "team_id": "team_01jd3v4q6ye8z9t5k2m7n0p1xt",
    "name": "Key accounts north",
    "purpose": "Too large for one.",
    "until_on": None,
}


class SharingSnapshot(AccountEvent):
    """Who looks after an account beside its owner, as it is after the event: a person (`staff_id`) or a
    team (`team_id`). Keep the one with the highest `version`."""

    sight = "sharings"

    sharing_id = Id("shr", required=True)
    version = Whole(**told("Grows with every change of it."))
    staff_id = Id("stf", **told("The helper; null where it is a team.", allow_none=True))
    team_id = Id("team", **told("The team; null where it is a helper.", allow_none=True))
    name = fields.String(**told("What they were called when it was agreed."))
    purpose = fields.String(**told("What for."))
    from_on = Day(**told("The first day."))
    until_on = Day(**told("The last day; null: until further.", allow_none=True))
    is_standing = Flag(**told("Whether they see the account now."))


class HelperAdded(SharingSnapshot):
    """Somebody helps with an account, at once or from a later day on."""

    says = "{name} helps from {from_on}: {purpose}"
    example = HELPER


class HelperBegan(SharingSnapshot):
    """The first day of a helper with an account has come."""

    says = "{name} helps from today: {purpose}"
    example = HELPER | {"version": 2}


class HelperEnded(SharingSnapshot):
    """Somebody helps with an account no more."""

    says = "{name} helps no more."
    example = HELPER | {"version": 3, "is_standing": False}


class TeamGiven(SharingSnapshot):
    """A team looks after an account beside its owner."""

    says = "Team {name} looks after the account too: {purpose}"
    example = TEAM


class TeamTaken(SharingSnapshot):
    """A team looks after an account no more."""

    says = "Team {name} looks after the account no more."
    example = TEAM | {"version": 2, "is_standing": False, "until_on": "2026-06-30"}
