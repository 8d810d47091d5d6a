"""What comes in and goes out about causes."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Id, OneLine, PageQuery, Schema, Whole
from services.accounts.causes.rules import Party

NAME = {"description": "What went wrong, in a few words; reports count by it."}
PARTY = {"description": "Who brings such things about."}


class AddCaseCause(Schema):
    """A new cause."""

    name = OneLine(longest=100, required=True, metadata=NAME)
    party = fields.Enum(Party, by_value=True, required=True, metadata=PARTY)


class CaseCauseId(Schema):
    """One cause."""

    case_cause_id = Id("cau", required=True)


class CaseCause(Schema):
    """What cases come from."""

    case_cause_id = Id("cau", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    party = fields.Enum(Party, by_value=True, required=True, metadata=PARTY)
    retired_on = Day(
        required=True,
        allow_none=True,
        metadata={"description": "Named by no diagnosis from this day on."},
    )


class CaseCauseQuery(PageQuery):
    """A page of causes."""
