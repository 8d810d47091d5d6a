"""What comes in and goes out about activities."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.fields import Id, Instant, ListOf, OneLine, PageQuery, Schema, Text, Whole
from services.accounts.activities.rules import (
    CONTACTS_MAX,
    DELAY_DAYS_MAX,
    MINUTES_MAX,
    PLANNED_MINUTES,
    SUBJECT_MAX,
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    CountedFrom,
    Direction,
    Way,
)

RULES_MAX = 50
DIRECTION = {"description": "out: we began; in: the client did."}
SUBJECT = {"description": "What it is about."}
OWNER = {
    "description": "Whose it is; if left out, the person's who asks, else the account's owner's."
}
CONTACTS = {"description": "The people of the account in it, each once."}
AT = {"description": "When it is planned; once held, when that was."}
OUTCOME = {
    "description": "What came of it. left_message and not_reached are for calls; other and complained "
    "need a note; not_held is said by POST …/miss alone."
}
NOTE = {"description": "In words; required with complained and other."}
PROMISE = {"description": "What was promised, by either side; whoever answers the phone sees it."}
MINUTES = {
    "description": f"How long it took, 0 to {MINUTES_MAX}: what it costs to serve the account."
}
REASON = {"description": "Why, for whoever reads the timeline."}
NEXT_STEP = {"description": "What follows; it is planned, and wins over what a rule says."}


def _contacts(**options: Any) -> ListOf:
    return ListOf(Id("con"), most=CONTACTS_MAX, metadata=CONTACTS, **options)


class ActivityId(Schema):
    """One activity."""

    activity_id = Id("act", required=True)


class Activity(Schema):
    """A call, visit, meeting, e-mail or letter, planned or held."""

    activity_id = Id("act", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    direction = fields.Enum(Direction, by_value=True, required=True, metadata=DIRECTION)
    status = fields.Enum(ActivityStatus, by_value=True, required=True)
    subject = fields.String(required=True, metadata=SUBJECT)
    owner_id = Id("stf", required=True, metadata={"description": "Whose it is."})
    contact_ids = fields.List(Id("con"), required=True, metadata=CONTACTS)
    at = Instant(required=True, metadata=AT)
    minutes = Whole(
        required=True,
        metadata={"description": "How long it is planned to take; once held, how long it took."},
    )
    planned_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When it was planned to be; null where nobody planned it."},
    )
    outcome = fields.Enum(
        ActivityOutcome, by_value=True, required=True, allow_none=True, metadata=OUTCOME
    )
    note = fields.String(required=True, allow_none=True, metadata={"description": "In words."})
    promise = fields.String(required=True, allow_none=True, metadata=PROMISE)
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it was not held, rescheduled or cancelled."},
    )
    planned_by = fields.String(required=True, allow_none=True)
    closed_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who said what became of it."}
    )
    closed_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When that was; what was held can be corrected for 24 hours."},
    )
    rescheduled_from_id = Id("act", required=True, allow_none=True)
    rescheduled_to_id = Id("act", required=True, allow_none=True)
    follows_id = Id(
        "act",
        required=True,
        allow_none=True,
        metadata={"description": "What it is the next step of."},
    )
    series_id = Id(
        "ser", required=True, allow_none=True, metadata={"description": "What it is one of."}
    )


class SuggestedStep(Schema):
    """What a rule suggests to do next; nothing is planned yet."""

    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    at = Instant(required=True)
    subject = fields.String(required=True)


class FinishedActivity(Activity):
    """An activity that has its outcome, and what follows it."""

    suggested = fields.Nested(
        SuggestedStep,
        required=True,
        allow_none=True,
        metadata={"description": "What a rule suggests; plan it if it is right."},
    )
    created = fields.Nested(
        Activity,
        required=True,
        allow_none=True,
        metadata={"description": "What was planned: the step that was sent, or by a rule."},
    )


class ActivityQuery(PageQuery):
    """Which activities to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    owner_id = Id("stf", load_default=None, metadata={"description": "Only this person's."})
    kind = fields.Enum(
        ActivityKind, by_value=True, load_default=None, metadata={"description": "Only this kind."}
    )
    status = fields.Enum(
        ActivityStatus, by_value=True, load_default=None, metadata={"description": "Only these."}
    )
    since = Instant(load_default=None, metadata={"description": "Not before this moment."})
    until = Instant(load_default=None, metadata={"description": "Before this moment."})


class PlanActivity(Schema):
    """An activity that is to come."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    direction = fields.Enum(
        Direction, by_value=True, load_default=Direction.OUT, metadata=DIRECTION
    )
    at = Instant(required=True, metadata={"description": "When it begins; not in the past."})
    minutes = Whole(
        least=1,
        most=MINUTES_MAX,
        load_default=PLANNED_MINUTES,
        metadata={"description": "How long it will take; after that it waits for its outcome."},
    )
    subject = OneLine(longest=SUBJECT_MAX, required=True, metadata=SUBJECT)
    contact_ids = _contacts(load_default=())
    owner_id = Id("stf", load_default=None, metadata=OWNER)

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "kind": "visit",
        "at": "2027-03-03T10:00:00Z",
        "minutes": 60,
        "subject": "Annual review",
    }


class NextStep(Schema):
    """What is to be done next."""

    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    at = Instant(required=True, metadata={"description": "When; not in the past."})
    subject = OneLine(
        longest=SUBJECT_MAX,
        load_default=None,
        metadata={"description": "If left out: Follow-up, and what it follows."},
    )


class _Said(Schema):
    outcome = fields.Enum(ActivityOutcome, by_value=True, required=True, metadata=OUTCOME)
    note = Text(load_default=None, allow_none=True, metadata=NOTE)
    promise = Text(longest=500, load_default=None, allow_none=True, metadata=PROMISE)
    minutes = Whole(most=MINUTES_MAX, required=True, metadata=MINUTES)
    held_at = Instant(
        load_default=None,
        metadata={
            "description": "When it began; not in the future. If left out, as planned, or now."
        },
    )
    next_step = fields.Nested(NextStep, load_default=None, allow_none=True, metadata=NEXT_STEP)


class LogActivity(_Said):
    """An activity that was held, whether or not it was planned."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    direction = fields.Enum(
        Direction, by_value=True, load_default=Direction.OUT, metadata=DIRECTION
    )
    subject = OneLine(
        longest=SUBJECT_MAX,
        load_default=None,
        metadata={"description": "What it was about; the kind if left out."},
    )
    contact_ids = _contacts(load_default=())
    owner_id = Id("stf", load_default=None, metadata=OWNER)

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "kind": "call",
        "direction": "in",
        "outcome": "agreed",
        "note": "They take the larger machine.",
        "promise": "We send the contract by Friday.",
        "minutes": 12,
    }


class HoldActivity(_Said):
    """What came of an activity that was planned."""

    activity_id = Id("act", required=True)
    contact_ids = ListOf(
        Id("con"),
        most=CONTACTS_MAX,
        load_default=None,
        metadata={"description": "Who was in it; those of the plan if left out."},
    )


class MissActivity(Schema):
    """Why a planned activity was not held."""

    activity_id = Id("act", required=True)
    reason = Text(longest=500, required=True, metadata=REASON)
    next_step = fields.Nested(NextStep, load_default=None, allow_none=True, metadata=NEXT_STEP)

    example: ClassVar = {"reason": "Nobody was there."}


class RescheduleActivity(Schema):
    """When a planned activity takes place instead, and why."""

    activity_id = Id("act", required=True)
    at = Instant(required=True, metadata={"description": "When it begins now; not in the past."})
    reason = Text(longest=500, required=True, metadata=REASON)

    example: ClassVar = {"at": "2027-03-10T10:00:00Z", "reason": "They asked for a week later."}


class CancelActivity(Schema):
    """Why a planned activity is not needed."""

    activity_id = Id("act", required=True)
    reason = Text(longest=500, required=True, metadata=REASON)

    example: ClassVar = {"reason": "They have moved."}


class CorrectActivity(Schema):
    """What changes of what was said; what is left out stays as it is."""

    activity_id = Id("act", required=True)
    outcome = fields.Enum(ActivityOutcome, by_value=True, metadata=OUTCOME)
    note = Text(allow_none=True, metadata=NOTE)
    promise = Text(longest=500, allow_none=True, metadata=PROMISE)
    minutes = Whole(most=MINUTES_MAX, metadata=MINUTES)
    held_at = Instant(metadata={"description": "When it began; not in the future."})
    contact_ids = _contacts()

    example: ClassVar = {"minutes": 25}


class WordingQuery(PageQuery):
    """Whose wordings to list."""

    activity_id = Id("act", required=True)


class Wording(Schema):
    """What was said of an activity, first or by a correction."""

    account_id = Id("acc", required=True)
    outcome = fields.Enum(ActivityOutcome, by_value=True, required=True)
    note = fields.String(required=True, allow_none=True)
    promise = fields.String(required=True, allow_none=True)
    at = Instant(required=True)
    minutes = Whole(required=True)
    contact_ids = fields.List(Id("con"), required=True)
    worded_by = fields.String(required=True, metadata={"description": "Who said so."})
    worded_at = Instant(required=True, metadata={"description": "When."})


class FollowUpRule(Schema):
    """What follows an activity of a kind with an outcome."""

    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    outcome = fields.Enum(
        ActivityOutcome,
        by_value=True,
        required=True,
        metadata={"description": "not_held: it was planned and did not take place."},
    )
    way = fields.Enum(
        Way, by_value=True, required=True, metadata={"description": "Shown, or planned at once."}
    )
    next_kind = fields.Enum(ActivityKind, by_value=True, required=True)
    delay_days = Whole(
        most=DELAY_DAYS_MAX, required=True, metadata={"description": "In business days."}
    )
    counted_from = fields.Enum(
        CountedFrom,
        by_value=True,
        load_default=CountedFrom.TODAY,
        metadata={"description": "The day of the answer, or the day it was planned for."},
    )


class FollowUpRules(Schema):
    """What follows which activities."""

    rules = fields.List(fields.Nested(FollowUpRule), required=True)


class SetFollowUpRules(Schema):
    """All rules; those of before are gone."""

    rules = ListOf(fields.Nested(FollowUpRule), most=RULES_MAX, required=True, attribute="given")

    example: ClassVar = {
        "rules": [
            {
                "kind": "call",
                "outcome": "not_reached",
                "way": "created",
                "next_kind": "call",
                "delay_days": 1,
                "counted_from": "today",
            }
        ]
    }
