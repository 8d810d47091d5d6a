"""What comes in and goes out about worklists."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import (
    PAGE_MAX,
    Code,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    Money,
    OneLine,
    Schema,
    Text,
    Whole,
)
from services.accounts.accounts.rules import Channel, ContactRole
from services.accounts.activities.schemas import NEXT_STEP, NextStep
from services.accounts.worklist.rules import (
    SNOOZE_DAYS_MAX,
    WEIGHT_MAX,
    ItemStatus,
    Outcome,
)

REASONS_MAX = 50

KIND = {
    "description": "What a service announces as the `reason` of contact_due: overdue, onboarding_stuck, "
    "case_waiting; more may come."
}
ABOUT = {"description": "What it is about: an id, a currency."}
OUTCOME = {
    "description": "What came of the contact. Reasons that still stand come back after 1 day "
    "(not_reached), 2 (left_message), 14 (disputes) or 7 (all others)."
}
NOTE = {"description": "In your words; required with `other`."}


class Word(Code):
    """A kind of reason, as services call it."""

    pattern = "[a-z][a-z0-9_]{0,59}"
    remedy = "Must be a word in small letters, digits and _, such as case_waiting."
    sample = "case_waiting"


class WorklistQuery(Schema):
    """Whose worklist, on which day."""

    staff_id = Id("stf", required=True)
    as_of = Day(
        load_default=None,
        metadata={"description": "As it will be that day as far as is known now; else today."},
    )
    limit = Whole(
        load_default=50,
        least=1,
        most=PAGE_MAX,
        metadata={"description": f"How many of the most urgent, 1 to {PAGE_MAX}."},
    )


class ScorePart(Schema):
    """A part of a score."""

    what = fields.String(required=True, metadata={"description": "What the points are for."})
    points = Whole(required=True)


class GivenReason(Schema):
    """Why an account should be contacted."""

    kind = fields.String(required=True, metadata=KIND)
    about = fields.String(required=True, metadata=ABOUT)
    amount = Money(
        required=True, allow_none=True, metadata={"description": "What it is about, if money."}
    )
    sentence = fields.String(required=True, metadata={"description": "Why now, in a sentence."})


class WorklistContact(Schema):
    """Whom to speak to."""

    contact_id = Id("con", required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.Enum(ContactRole, by_value=True), required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class _Way(Schema):
    contact = fields.Nested(
        WorklistContact,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the account has no contact."},
    )
    channel = fields.Enum(
        Channel,
        by_value=True,
        required=True,
        metadata={
            "description": "How to reach them; post also where `has_channel` says that no way is left."
        },
    )
    has_channel = Flag(
        required=True,
        metadata={"description": "Whether a way is left that they have not refused."},
    )
    channel_note = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Which way is not to be used, and why: it was refused, or needs a consent."
        },
    )
    number = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The phone number or e-mail address; null for post, and for none."
        },
    )
    contact_from = Instant(
        required=True,
        metadata={
            "description": "When the client's office opens next, or did if it is open; on their clock."
        },
    )
    contact_until = Instant(required=True, metadata={"description": "When it closes."})


class WorklistReason(GivenReason, _Way):
    """Why the account should be contacted; whom to speak to about it, how and when."""

    since_on = Day(required=True, metadata={"description": "Since when there is reason."})


class WorklistLine(_Way):
    """An account to contact: whom, when, why now, how. Whom and how are those of its first reason."""

    worklist_item_id = Id("wli", required=True)
    version = Whole(required=True)
    account_id = Id("acc", required=True)
    account_number = fields.String(required=True)
    account_name = fields.String(required=True)
    owner_id = Id("stf", required=True)
    time_zone = fields.String(required=True, metadata={"description": "The client's (IANA)."})
    score = Whole(required=True, metadata={"description": "The sum of `parts`."})
    parts = fields.List(fields.Nested(ScorePart), required=True)
    at_stake = fields.List(
        Money(), required=True, metadata={"description": "What its reasons are about, by currency."}
    )
    reasons = fields.List(
        fields.Nested(WorklistReason),
        required=True,
        metadata={"description": "That with the most points first."},
    )
    opened_on = Day(required=True, metadata={"description": "The day it came to the list."})


class SettledReason(GivenReason):
    """A reason whose cause ended by itself that day: nothing is to be done any more."""

    account_id = Id("acc", required=True)
    account_number = fields.String(required=True)
    account_name = fields.String(required=True)
    sentence = fields.String(  # type: ignore[assignment]
        required=True, allow_none=True, metadata={"description": "Why it was."}
    )


class Worklist(Schema):
    """The most urgent accounts to contact, and how many there are in all."""

    items = fields.List(fields.Nested(WorklistLine), required=True)
    total = Whole(required=True)
    settled = fields.List(
        fields.Nested(SettledReason),
        required=True,
        metadata={"description": "What left the list by itself that day, at most 100."},
    )


class NamedReason(Schema):
    """One of an item's reasons."""

    kind = OneLine(longest=60, required=True, metadata=KIND)
    about = OneLine(longest=200, required=True, metadata=ABOUT)


class AnsweredReason(NamedReason):
    """What came of one of an item's reasons."""

    outcome = fields.Enum(Outcome, by_value=True, required=True, metadata=OUTCOME)
    note = Text(load_default=None, allow_none=True, metadata=NOTE)


class Weight(Schema):
    """How many points a kind of reason has."""

    kind = fields.String(required=True, metadata=KIND)
    points = Whole(required=True)
    is_default = Flag(required=True, metadata={"description": "Whether it is as we ship it."})


class Weights(Schema):
    """The points of kinds of reasons."""

    items = fields.List(fields.Nested(Weight), required=True)
    others = Whole(required=True, metadata={"description": "What every other kind has."})


class SetWeight(Schema):
    """A new weight of a kind of reason."""

    kind = Word(required=True, metadata=KIND)
    points = Whole(most=WEIGHT_MAX, required=True, metadata={"description": f"0 to {WEIGHT_MAX}."})

    example: ClassVar = {"points": 50}


class WorklistItemId(Schema):
    """One item."""

    worklist_item_id = Id("wli", required=True)


class FinishItem(Schema):
    """What came of the contact."""

    worklist_item_id = Id("wli", required=True)
    outcome = fields.Enum(
        Outcome,
        by_value=True,
        load_default=None,
        metadata={
            "description": f"{OUTCOME['description']} It is said of all its reasons but those in "
            "`reasons`; left out, it is said of those alone, and the rest stays on the list."
        },
    )
    note = Text(load_default=None, allow_none=True, metadata=NOTE)
    reasons = ListOf(
        fields.Nested(AnsweredReason),
        most=REASONS_MAX,
        load_default=(),
        metadata={"description": "What came of single reasons."},
    )

    next_step = fields.Nested(NextStep, load_default=None, allow_none=True, metadata=NEXT_STEP)

    example: ClassVar = {"outcome": "will_pay", "note": "Transfers on Friday."}


class SnoozeItem(Schema):
    """Until when to hide the item."""

    worklist_item_id = Id("wli", required=True)
    until = Day(
        required=True,
        metadata={"description": f"The day it is back; at most {SNOOZE_DAYS_MAX} days away."},
    )

    reasons = ListOf(
        fields.Nested(NamedReason),
        most=REASONS_MAX,
        load_default=(),
        metadata={"description": "Only these of its reasons; left out: the item as a whole."},
    )

    example: ClassVar = {"until": "2026-03-31"}


class WorklistOutcome(Schema):
    """What came of contacting the account about a reason."""

    worklist_outcome_id = Id("wlo", required=True)
    kind = fields.String(required=True, metadata=KIND)
    about = fields.String(required=True, metadata=ABOUT)
    sentence = fields.String(required=True, metadata={"description": "Why it was on the list."})
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    note = fields.String(required=True, allow_none=True)
    next_activity_id = Id(
        "act",
        required=True,
        allow_none=True,
        metadata={"description": "What was planned to be done next, in the same request."},
    )
    done_by = fields.String(required=True)
    done_at = Instant(required=True)


class WorklistItem(Schema):
    """One item and what became of it."""

    worklist_item_id = Id("wli", required=True)
    version = Whole(required=True)
    account_id = Id("acc", required=True)
    status = fields.Enum(
        ItemStatus,
        by_value=True,
        required=True,
        metadata={"description": "Settled: by itself, as no reason stands any more."},
    )
    opened_on = Day(required=True)
    snoozed_until = Day(required=True, allow_none=True)
    snoozed_by = fields.String(required=True, allow_none=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True, allow_none=True, metadata=OUTCOME)
    note = fields.String(required=True, allow_none=True, metadata=NOTE)
    closed_by = fields.String(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    outcomes = fields.List(
        fields.Nested(WorklistOutcome),
        required=True,
        metadata={
            "description": "What was said of each reason, in the order in which it was said."
        },
    )
