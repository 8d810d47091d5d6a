"""What comes in and goes out about absences."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, Instant, PageQuery, Schema, Text, Whole
from services.accounts.absences.rules import May, Status

AWAY = {"description": "Who is away."}
DELEGATE = {"description": "Who stands in: somebody who works here and is there all that time."}
UNTIL_ON = {"description": "The last day, included."}
MAY = {
    "description": "Whether the delegate may act for the accounts that they see by it, or only see them."
}


class Absence(Schema):
    """Somebody is away, and another stands in."""

    absence_id = Id("abs", required=True)
    version = Whole(required=True)
    staff_id = Id("stf", required=True, metadata=AWAY)
    delegate_id = Id("stf", required=True, metadata=DELEGATE)
    from_on = Day(required=True, metadata={"description": "The first day."})
    until_on = Day(required=True, metadata=UNTIL_ON)
    may = fields.Enum(May, by_value=True, required=True, metadata=MAY)
    status = fields.Enum(
        Status,
        by_value=True,
        required=True,
        metadata={"description": "The delegate stands in while it is away."},
    )
    planned_by = fields.String(required=True, metadata={"description": "Who entered it."})
    planned_at = Instant(required=True, metadata={"description": "When it was entered."})


class PlanAbsence(Schema):
    """Who is away from when to when, and who stands in."""

    staff_id = Id("stf", required=True, metadata=AWAY)
    delegate_id = Id("stf", required=True, metadata=DELEGATE)
    from_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "The first day; today, at once, if left out."},
    )
    until_on = Day(required=True, metadata=UNTIL_ON)
    reason = Text(
        longest=500,
        required=True,
        metadata={"description": "Why; kept here, shown and announced to nobody."},
    )
    may = fields.Enum(May, by_value=True, load_default=May.ACT, metadata=MAY)

    example: ClassVar = {
        "staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "delegate_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
        "from_on": "2026-03-02",
        "until_on": "2026-03-13",
        "reason": "Holidays.",
        "may": "act",
    }


class AbsenceId(Schema):
    """One absence."""

    absence_id = Id("abs", required=True)


class ExtendAbsence(Schema):
    """Until when it lasts instead."""

    absence_id = Id("abs", required=True)
    until_on = Day(required=True, metadata=UNTIL_ON)


class AbsencesQuery(PageQuery):
    """Which absences to list."""

    staff_id = Id("stf", load_default=None, metadata={"description": "Only of this person."})
    delegate_id = Id(
        "stf",
        load_default=None,
        metadata={"description": "Only those in which this person stands in."},
    )
    status = fields.Enum(
        Status, by_value=True, load_default=None, metadata={"description": "Only with this status."}
    )
