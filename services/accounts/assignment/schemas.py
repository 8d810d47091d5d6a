"""What comes in about assignment."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Id, Schema, Text
from services.accounts.assignment.rules import How


class AssignAccount(Schema):
    """Among whom somebody is chosen, and how."""

    account_id = Id("acc", required=True)
    how = fields.Enum(
        How,
        by_value=True,
        required=True,
        metadata={
            "description": "In turn, or whoever has the least: open accounts, a key one counting 4, a "
            "standard one 2, a small one 1."
        },
    )
    team_id = Id(
        "team",
        load_default=None,
        allow_none=True,
        metadata={"description": "Among those who are in this team now."},
    )
    lead_id = Id(
        "stf",
        load_default=None,
        allow_none=True,
        metadata={"description": "Among everyone below this person."},
    )
    reason = Text(longest=500, required=True, metadata={"description": "Why the owner changes."})

    example: ClassVar = {
        "how": "least_loaded",
        "team_id": "team_01jd3v4q6ye8z9t5k2m7n0p1xt",
        "reason": "New business in the north.",
    }
