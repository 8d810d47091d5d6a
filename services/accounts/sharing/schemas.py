"""What comes in and goes out about helpers and teams of accounts."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Flag, Id, Instant, PageQuery, Schema, Text, Whole
from services.accounts.periods.rules import Status
from services.accounts.staff.rules import Role

PURPOSE = {"description": "What for."}
FROM_ON = {"description": "The first day; today if left out."}
UNTIL_ON = {"description": "The last day, included; null: until further."}
NEEDS_LOOK = {"description": "Whether the owner is asked to look at what they record."}


class Sharing(Schema):
    """Who looks after an account beside its owner: a person or a team."""

    sharing_id = Id("shr", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    staff_id = Id(
        "stf",
        required=True,
        allow_none=True,
        metadata={"description": "The helper; null where it is a team."},
    )
    team_id = Id(
        "team",
        required=True,
        allow_none=True,
        metadata={"description": "The team; null where it is a helper."},
    )
    name = fields.String(
        required=True, metadata={"description": "What they were called when it was agreed."}
    )
    purpose = fields.String(required=True, metadata=PURPOSE)
    from_on = Day(required=True, metadata={"description": "The first day."})
    until_on = Day(required=True, allow_none=True, metadata=UNTIL_ON)
    status = fields.Enum(
        Status,
        by_value=True,
        required=True,
        metadata={"description": "Only while it stands do they see the account by it."},
    )
    needs_look = Flag(required=True, metadata=NEEDS_LOOK)
    to_look_at = Whole(
        required=True, metadata={"description": "What they recorded since somebody looked last."}
    )
    to_look_at_since = Day(
        required=True, allow_none=True, metadata={"description": "The day of the first of these."}
    )
    looked_at_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who looked last."}
    )
    looked_at = Instant(required=True, allow_none=True, metadata={"description": "When."})
    agreed_by = fields.String(required=True, metadata={"description": "Who agreed it."})
    agreed_at = Instant(required=True, metadata={"description": "When it was agreed."})


class AddHelper(Schema):
    """Who helps with the account, from when to when, and what for."""

    account_id = Id("acc", required=True)
    staff_id = Id("stf", required=True, metadata={"description": "Somebody who works here."})
    purpose = Text(longest=500, required=True, metadata=PURPOSE)
    from_on = Day(load_default=None, allow_none=True, metadata=FROM_ON)
    until_on = Day(load_default=None, allow_none=True, metadata=UNTIL_ON)
    needs_look = Flag(
        load_default=None,
        allow_none=True,
        metadata={"description": "If left out: as it is said for the helper's role."},
    )


class SharingId(Schema):
    """One helper's, or one team's, time with an account."""

    sharing_id = Id("shr", required=True)


class GiveTeam(Schema):
    """Which team looks after the account beside its owner from now on."""

    account_id = Id("acc", required=True)
    team_id = Id("team", required=True, metadata={"description": "A team that is open."})
    purpose = Text(longest=500, required=True, metadata=PURPOSE)


class SharingsQuery(PageQuery):
    """Whose helpers and teams to list."""

    account_id = Id("acc", required=True)


class RoleLook(Schema):
    """Whether the work of helpers with this role needs the owner's look."""

    role = fields.Enum(Role, by_value=True, required=True)
    needs_look = Flag(required=True, metadata=NEEDS_LOOK)

    example: ClassVar = {"role": "assistant", "needs_look": True}


class RoleLooksQuery(Schema):
    """Nothing: there are few roles."""


class RoleLooks(Schema):
    """Every role."""

    items = fields.List(fields.Nested(RoleLook), required=True)
