"""What comes in and goes out about targets and clocks."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Flag, Instant, ListOf, Schema, Whole
from services.accounts.accounts.rules import Tier
from services.accounts.clocks.rules import Clock, Kind, Outcome, Priority, Standstill

KIND = {"description": "What the client brings up."}
PRIORITY = {"description": "How pressing it is."}
TIER = {"description": "How much attention the account gets."}
MINUTES_MAX = 100_000  # most of a working year
_MINUTES = {"description": "Working minutes; null: this clock is not kept."}


class CaseTarget(Schema):
    """In how many working minutes cases of a kind, priority and tier are dealt with."""

    kind = fields.Enum(Kind, by_value=True, required=True, metadata=KIND)
    priority = fields.Enum(Priority, by_value=True, required=True, metadata=PRIORITY)
    tier = fields.Enum(Tier, by_value=True, required=True, metadata=TIER)
    first_response = Whole(
        least=1, most=MINUTES_MAX, required=True, allow_none=True, metadata=_MINUTES
    )
    update = Whole(least=1, most=MINUTES_MAX, required=True, allow_none=True, metadata=_MINUTES)
    solution = Whole(least=1, most=MINUTES_MAX, required=True, allow_none=True, metadata=_MINUTES)


class SetCaseTargets(Schema):
    """Targets that are not as usual: those left out are as usual again."""

    items = ListOf(fields.Nested(CaseTarget), most=48, required=True)

    example: ClassVar = {
        "items": [
            {
                "kind": "technical",
                "priority": "urgent",
                "tier": "key",
                "first_response": 15,
                "update": 60,
                "solution": 240,
            }
        ]
    }


class CaseTargets(Schema):
    """The targets of every kind, priority and tier."""

    items = fields.List(fields.Nested(CaseTarget), required=True)


class ClockFace(Schema):
    """What a clock of a case shows."""

    clock = fields.Enum(
        Clock,
        by_value=True,
        required=True,
        metadata={
            "description": "first_response until it is acknowledged; update from each word to the client "
            "to the next; solution until it is executed or given up."
        },
    )
    target_minutes = Whole(
        required=True, metadata={"description": "How many working minutes there are."}
    )
    elapsed_minutes = Whole(
        required=True, metadata={"description": "How many it has counted since it was begun."}
    )
    begun_at = Instant(
        required=True, metadata={"description": "Since when it counts, for the last time."}
    )
    ended_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was over."}
    )
    due_at = Instant(
        required=True,
        allow_none=True,
        metadata={
            "description": "When the target is reached if it runs on; null while the client is waited "
            "for, and once it is over."
        },
    )
    standstill = fields.Enum(
        Standstill,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "Why it does not run now; null: it runs."},
    )
    is_missed = Flag(
        required=True, metadata={"description": "Whether its target was passed, now or before."}
    )
    outcome = fields.Enum(
        Outcome,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "Met or missed; null while that is open."},
    )
