"""Batches of cases, coming in and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.fields import (
    EachByItself,
    Flag,
    Id,
    Instant,
    ListOf,
    OneLine,
    Result,
    Schema,
    Text,
    Whole,
)
from services.accounts.accounts.schemas import SYSTEM, System
from services.accounts.case_batches import rules
from services.accounts.case_batches.rules import Step
from services.accounts.cases.rules import CaseStatus
from services.accounts.cases.schemas import CAUSE, CAUSED_BY, PRODUCT, SATISFACTION, OpenCase

BATCH_MAX = 500
REFERENCE_ID = {"description": "The case's id there."}
NOTE = {
    "description": "What was said to it: the problem as the client was told that we understand it "
    "(acknowledge), what they were offered (propose), what, or why. May be left out where there is "
    f"nothing to say: {', '.join(rules.SILENT)}."
}
CONTACT = {
    "description": "Who at the account confirmed it (confirm); left out where nobody knows any more."
}


class PastStep(Schema):
    """Something that was done with a case, and when."""

    action = fields.Enum(
        Step, by_value=True, required=True, metadata={"description": "What was done."}
    )
    at = Instant(
        required=True,
        metadata={"description": "When: not before the step before, nor in the future."},
    )
    note = Text(longest=2000, load_default=None, allow_none=True, metadata=NOTE)
    case_cause_id = Id("cau", load_default=None, allow_none=True, metadata=CAUSE)
    caused_by_id = Id("stf", load_default=None, allow_none=True, metadata=CAUSED_BY)
    product = OneLine(longest=100, load_default=None, allow_none=True, metadata=PRODUCT)
    contact_id = Id("con", load_default=None, allow_none=True, metadata=CONTACT)
    satisfaction = Whole(least=1, most=5, load_default=None, allow_none=True, metadata=SATISFACTION)

    example: ClassVar = {
        "action": "acknowledge",
        "at": "2026-04-07T08:00:00+00:00",
        "note": "Two lamps of the order arrived broken.",
    }

    @validates_schema
    def say_what_belongs_to_it(self, data: dict[str, Any], **_: Any) -> None:
        if (field := rules.missing(data)) is not None:
            raise ValidationError(f"A step that is {data['action']} says it.", field)
        if (field := rules.superfluous(data)) is not None:
            raise ValidationError(f"A step that is {data['action']} has none.", field)


class CaseToOpen(OpenCase):
    """A new case, what another system calls it, and what was done with it already."""

    system = System(load_default=None, metadata=SYSTEM)
    reference_id = OneLine(longest=100, load_default=None, metadata=REFERENCE_ID)
    steps = ListOf(
        fields.Nested(PastStep),
        most=rules.STEPS_MAX,
        load_default=(),
        metadata={"description": "All that was done with it until now, first to last."},
    )

    @validates_schema
    def name_both_or_neither(self, data: dict[str, Any], **_: Any) -> None:
        if (data["system"] is None) != (data["reference_id"] is None):
            raise ValidationError("Give both system and reference_id, or neither.", "reference_id")


class NewCaseBatch(Schema):
    """Cases to be opened."""

    cases = EachByItself(
        fields.Nested(CaseToOpen),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class OpenedCase(Result):
    """What became of one case: opened or found, with id, number and where it stands; or refused, with the
    reason."""

    case_id = Id("cas", metadata={"description": "The case, where there is one."})
    number = fields.String(metadata={"description": "Its number."})
    status = fields.Enum(CaseStatus, by_value=True, metadata={"description": "Where it stands."})
    is_new = Flag(metadata={"description": "Whether it was opened now."})


class CaseBatch(Schema):
    """What became of each case of a batch."""

    opened = Whole(metadata={"description": "How many were opened."})
    found = Whole(metadata={"description": "How many were there."})
    refused = Whole(metadata={"description": "How many were not opened."})
    results = fields.List(
        fields.Nested(OpenedCase),
        metadata={"description": "One for each case sent, in their order."},
    )
