"""What is announced of activities. Minutes feed what it costs to serve an account."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id, Instant, Whole
from services.accounts.activities.rules import ActivityKind, ActivityOutcome, Direction
from services.accounts.shapes import told

PLANNED: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "activity_id": "act_01jd3v4q6ye8z9t5k2m7n0p1xk",
    "version": 1,
    "kind": "visit",
    "direction": "out",
    "subject": "Annual review",
    "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "contact_ids": ["con_01jd3v4q6ye8z9t5k2m7n0p1xc"],
    "at": "2026-03-03T10:00:00+00:00",
    "minutes": 60,
    "follows_id": None,
    "series_id": None,
}


class ActivitySnapshot(AccountEvent):
    """An activity as it is after the event. Keep the one with the highest `version`."""

    activity_id = Id("act", required=True)
    version = Whole(**told("Grows with every change of the activity."))
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    direction = fields.Enum(Direction, by_value=True, **told("in: the client began; out: we did."))
    subject = fields.String(**told("What it is about."))
    owner_id = Id("stf", **told("Whose it is."))
    contact_ids = fields.List(Id("con"), **told("The people of the account in it."))
    at = Instant(**told("When it is planned; once held, when that was."))
    minutes = Whole(**told("How long it is planned to take; once held, how long it took."))
    follows_id = Id("act", **told("The activity that it follows.", allow_none=True))
    series_id = Id("ser", **told("The series that it is one of.", allow_none=True))


class ActivityPlanned(ActivitySnapshot):
    """An activity was planned: by somebody, as a follow-up, or as the next of a series."""

    says = "Planned: {kind} at {at}, {subject}."
    example = PLANNED


class ActivityPassedOn(ActivitySnapshot):
    """A planned activity is now the task of who owns the account: it changed hands, or somebody left."""

    reason = fields.String(**told("Why."))
    passed_by = fields.String(**told("Who gave the account to somebody else, or let somebody go."))

    says = "Passed on: {kind} at {at}, {subject}. {reason}"
    example: ClassVar[dict[str, Any]] = PLANNED | {
        "version": 2,
        "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
        "reason": "The account has another owner: Regions were redrawn.",
        "passed_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xd",
    }


class ActivityHeld(ActivitySnapshot):
    """An activity was held, planned or not."""

    outcome = fields.Enum(ActivityOutcome, by_value=True, **told("What came of it."))
    note = fields.String(**told("In words.", allow_none=True))
    promise = fields.String(**told("What was promised, by either side.", allow_none=True))
    closed_by = fields.String(**told("Who said so."))

    says = "Held: {kind}, {minutes} minutes, {outcome}: {subject}. {note:No note.}"
    example: ClassVar[dict[str, Any]] = PLANNED | {
        "version": 2,
        "outcome": "agreed",
        "note": "They take the larger machine.",
        "promise": "We send the contract by Friday.",
        "closed_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    }


class ActivityCorrected(ActivityHeld):
    """What was said of an activity that was held was corrected, within a day."""

    says = "Corrected: {kind}, {minutes} minutes, {outcome}: {subject}. {note:No note.}"
    example = ActivityHeld.example | {"version": 3, "minutes": 90}


class _ActivityNotDone(ActivitySnapshot):
    """An activity that was planned and did not take place."""

    reason = fields.String(**told("Why."))
    closed_by = fields.String(**told("Who said so."))


class ActivityNotHeld(_ActivityNotDone):
    """A planned activity did not take place."""

    says = "Not held: {kind}, {subject}: {reason}"
    example: ClassVar[dict[str, Any]] = PLANNED | {
        "version": 2,
        "reason": "Nobody was there.",
        "closed_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    }


class ActivityCancelled(_ActivityNotDone):
    """A planned activity will not take place."""

    says = "Cancelled: {kind}, {subject}: {reason}"
    example = ActivityNotHeld.example | {"reason": "They have moved."}


class ActivityRescheduled(_ActivityNotDone):
    """A planned activity takes place at another time: that is another activity, planned then."""

    rescheduled_to_id = Id("act", **told("The activity that is planned instead."))

    says = "Rescheduled: {kind}, {subject}: {reason}"
    example: ClassVar[dict[str, Any]] = ActivityNotHeld.example | {
        "reason": "They asked for a week later.",
        "rescheduled_to_id": "act_01jd3v4q6ye8z9t5k2m7n0p1xm",
    }
