"""What comes in and goes out about workloads."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, Money, Schema, Whole
from services.accounts.staff.rules import Role
from services.accounts.worklist.schemas import GivenReason, WorklistLine
from services.accounts.workload.rules import ReasonState


class AccountWhy(Schema):
    """Whose place on the list to explain."""

    account_id = Id("acc", required=True)
    as_of = Day(load_default=None, metadata={"description": "On which day; else today."})


class PersonalLoad(Schema):
    """How much somebody has on their list."""

    staff_id = Id("stf", required=True)
    name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    open = Whole(required=True, metadata={"description": "Items, snoozed ones among them."})
    snoozed = Whole(required=True)
    oldest_opened_on = Day(required=True, allow_none=True)
    at_stake = fields.List(Money(), required=True, metadata={"description": "By currency."})
    done = Whole(required=True, metadata={"description": "That day, with an outcome."})
    settled = Whole(required=True, metadata={"description": "That day, by itself."})


class TeamWorklist(Schema):
    """The load of a person and of everyone below them, and the most urgent of all they have."""

    people = fields.List(fields.Nested(PersonalLoad), required=True)
    items = fields.List(fields.Nested(WorklistLine), required=True)


class ExplainedReason(GivenReason):
    """A reason that stands, and whether it shows on the day."""

    since_on = Day(required=True, metadata={"description": "Since when there is reason."})
    state = fields.Enum(
        ReasonState,
        by_value=True,
        required=True,
        metadata={"description": "due: it shows. All others: it does not, until the day `until`."},
    )
    until = Day(required=True, allow_none=True)


class Explanation(Schema):
    """Why an account is where it is on its owner's list, or is not on it."""

    account_id = Id("acc", required=True)
    owner_id = Id("stf", required=True)
    because = fields.String(required=True, metadata={"description": "The answer in a sentence."})
    place = Whole(
        required=True, allow_none=True, metadata={"description": "From 1; null: not on it."}
    )
    of = Whole(required=True, metadata={"description": "How many are on the list."})
    line = fields.Nested(
        WorklistLine,
        required=True,
        allow_none=True,
        metadata={"description": "As on the list: the parts of its score, when and how."},
    )
    reasons = fields.List(fields.Nested(ExplainedReason), required=True)


class FiguresQuery(Schema):
    """Of which days, and of whose accounts."""

    first_on = Day(required=True, metadata={"description": "The first day."})
    last_on = Day(required=True, metadata={"description": "The last day."})
    staff_id = Id(
        "stf",
        load_default=None,
        metadata={"description": "Only of the accounts that this person owns now."},
    )

    example: ClassVar = {"first_on": "2026-03-01", "last_on": "2026-03-31"}


class Figures(Schema):
    """Counts of items. open_before + opened = done + settled + open_after."""

    open_before = Whole(required=True)
    opened = Whole(required=True)
    done = Whole(required=True, metadata={"description": "Somebody said what came of it."})
    settled = Whole(required=True, metadata={"description": "All causes ended by themselves."})
    open_after = Whole(required=True)
