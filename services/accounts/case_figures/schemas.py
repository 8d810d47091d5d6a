"""What comes in and goes out about the figures of cases."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Id, Schema, Whole
from services.accounts.cases.rules import CaseStatus
from services.accounts.clocks.rules import Kind

_MET = {"description": "Of how many this clock is over and was met."}
_MISSED = {"description": "Of how many it was missed, or is over its target."}
FIRST_DAY = {"description": "The first day of the period, in the business' time zone."}
LAST_DAY = {"description": "Its last day."}


class FiguresQuery(Schema):
    """Of which period: cases count on the day on which they were received."""

    first_day = Day(required=True, data_key="from", metadata=FIRST_DAY)
    last_day = Day(required=True, data_key="to", metadata=LAST_DAY)


class CaseCount(Schema):
    """How many cases, and how many of them in time."""

    cases = Whole(required=True, metadata={"description": "How many were received."})
    reopenings = Whole(required=True, metadata={"description": "How often such were reopened."})
    first_response_met = Whole(required=True, metadata=_MET)
    first_response_missed = Whole(required=True, metadata=_MISSED)
    update_met = Whole(required=True, metadata=_MET)
    update_missed = Whole(required=True, metadata=_MISSED)
    solution_met = Whole(required=True, metadata=_MET)
    solution_missed = Whole(required=True, metadata=_MISSED)


class KindFigures(CaseCount):
    """Those of a kind that stand in a state now."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    status = fields.Enum(CaseStatus, by_value=True, required=True)


class OwnerFigures(CaseCount):
    """Those that one person looks after."""

    owner_id = Id("stf", required=True)


class TeamFigures(CaseCount):
    """Those of all who report to one person."""

    manager_id = Id(
        "stf",
        required=True,
        allow_none=True,
        metadata={"description": "Whom their owners report to; null: nobody."},
    )


class CaseFigures(Schema):
    """The cases of a period, counted in three ways."""

    first_day = Day(required=True, data_key="from", metadata=FIRST_DAY)
    last_day = Day(required=True, data_key="to", metadata=LAST_DAY)
    total = fields.Nested(CaseCount, required=True)
    kinds = fields.List(fields.Nested(KindFigures), required=True)
    owners = fields.List(fields.Nested(OwnerFigures), required=True)
    teams = fields.List(fields.Nested(TeamFigures), required=True)
