"""What comes in and goes out about cases."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import (
    Flag,
    Id,
    Instant,
    ListOf,
    Money,
    OneLine,
    PageQuery,
    Schema,
    Text,
    Whole,
)
from services.accounts.cases.rules import AboutIs, AboutKind, CaseAction, CaseStatus, DisputeOutcome
from services.accounts.clocks.rules import Kind, Priority
from services.accounts.clocks.schemas import KIND, PRIORITY, TIER, ClockFace

OWNER = {"description": "Who looks after it; the account's owner if left out."}
SUBJECT = {"description": "What it is about, in one line, in the client's words."}
DESCRIPTION = {"description": "All that the client said."}
CONTACT = {"description": "Who at the account brought it up."}
ABOUT = {"description": "The thing that it is about; null: none that has a number."}
DISPUTED = {
    "description": "The amount that a complaint about an invoice contests; `complaint_about_amount` is "
    "announced, and `dispute-resolved` brings the case on."
}
STAFF_IDS = {"description": "Whom praise names."}
PRODUCTS = {"description": "Which products praise names, by sku or name."}
RECEIVED_AT = {
    "description": "When the client brought it up; now if left out, in the past if it is entered later."
}
PROBLEM = {"description": "What is wrong, in our words, as the client was told."}
CAUSE = {"description": "What it comes from: one of GET /v1/case-causes."}
CAUSED_BY = {"description": "Whose mistake it was, if it was one person's of ours."}
PRODUCT = {"description": "Which product it comes from, by sku or name."}
PROPOSAL = {"description": "What the client was offered."}
SATISFACTION = {"description": "How content the client is, 1 (not at all) to 5 (very)."}
AT = {
    "description": "When it was done, if it is entered later: not before what was done last, nor in the "
    "future. Now if left out."
}


class CaseAbout(Schema):
    """A thing of the account's."""

    kind = fields.Enum(AboutKind, by_value=True, required=True)
    id = OneLine(longest=60, required=True, metadata={"description": "Its id: ord_01j…"})
    number = OneLine(longest=60, required=True, metadata={"description": "What people call it."})


class OpenCase(Schema):
    """What a client brings up."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(Kind, by_value=True, required=True, metadata=KIND)
    priority = fields.Enum(Priority, by_value=True, load_default=Priority.NORMAL, metadata=PRIORITY)
    subject = OneLine(longest=200, required=True, metadata=SUBJECT)
    description = Text(longest=20_000, load_default=None, allow_none=True, metadata=DESCRIPTION)
    contact_id = Id("con", load_default=None, allow_none=True, metadata=CONTACT)
    about = fields.Nested(CaseAbout, load_default=None, allow_none=True, metadata=ABOUT)
    disputed = Money(least=1, load_default=None, allow_none=True, metadata=DISPUTED)
    owner_id = Id("stf", load_default=None, allow_none=True, metadata=OWNER)
    staff_ids = ListOf(Id("stf"), most=20, load_default=(), metadata=STAFF_IDS)
    products = ListOf(OneLine(longest=100), most=20, load_default=(), metadata=PRODUCTS)
    is_not_similar = Flag(
        load_default=False,
        metadata={"description": "That somebody has looked: it is not what `similar_case` named."},
    )
    received_at = Instant(load_default=None, allow_none=True, metadata=RECEIVED_AT)

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "kind": "complaint",
        "subject": "Two of the lamps came broken.",
        "about": {
            "kind": "order",
            "id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xj",
            "number": "O-000042",
        },
    }


class CaseId(Schema):
    """One case."""

    case_id = Id("cas", required=True)


class MoveCase(CaseId):
    """One case, with what is to be remembered of the step."""

    note = Text(
        longest=2000,
        load_default=None,
        allow_none=True,
        metadata={"description": "What is to be remembered of it."},
    )
    at = Instant(load_default=None, allow_none=True, metadata=AT)


class ExplainCase(CaseId):
    """One case, and what is said to it."""

    note = Text(longest=2000, required=True, metadata={"description": "What, or why."})
    at = Instant(load_default=None, allow_none=True, metadata=AT)


class AcknowledgeCase(CaseId):
    """The problem as the client was told that we understand it."""

    problem = Text(longest=2000, required=True, metadata=PROBLEM)
    at = Instant(load_default=None, allow_none=True, metadata=AT)


class DiagnoseCase(MoveCase):
    """What a case comes from."""

    case_cause_id = Id("cau", required=True, metadata=CAUSE)
    caused_by_id = Id("stf", load_default=None, allow_none=True, metadata=CAUSED_BY)
    product = OneLine(longest=100, load_default=None, allow_none=True, metadata=PRODUCT)


class ProposeSolution(CaseId):
    """What the client is offered."""

    proposal = Text(longest=2000, required=True, metadata=PROPOSAL)
    at = Instant(load_default=None, allow_none=True, metadata=AT)


class ConfirmCase(MoveCase):
    """Who of the client says that it is solved."""

    contact_id = Id("con", required=True, metadata={"description": "Who at the account says so."})
    satisfaction = Whole(least=1, most=5, load_default=None, allow_none=True, metadata=SATISFACTION)


class MarkDuplicate(MoveCase):
    """Which case it is the same as."""

    duplicate_of_id = Id(
        "cas", required=True, metadata={"description": "The case of the account that goes on."}
    )


class ResolveDispute(CaseId):
    """What was decided about the amount."""

    outcome = fields.Enum(
        DisputeOutcome,
        by_value=True,
        required=True,
        metadata={"description": "Whether the client is right."},
    )
    granted = Money(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"description": "How much of it they need not pay."},
    )
    reason = Text(longest=500, required=True, metadata={"description": "Why."})
    at = Instant(load_default=None, allow_none=True, metadata=AT)


class PrioritiseCase(ExplainCase):
    """How pressing it is, and why."""

    priority = fields.Enum(Priority, by_value=True, required=True, metadata=PRIORITY)


class ReassignCase(MoveCase):
    """Who looks after it from now on."""

    owner_id = Id("stf", required=True, metadata=OWNER)


class Case(Schema):
    """What a client brought up, as it stands."""

    case_id = Id("cas", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True, metadata={"description": "What people call it."})
    kind = fields.Enum(Kind, by_value=True, required=True, metadata=KIND)
    priority = fields.Enum(Priority, by_value=True, required=True, metadata=PRIORITY)
    tier = fields.String(required=True, metadata=TIER)
    status = fields.Enum(
        CaseStatus, by_value=True, required=True, metadata={"description": "Where it stands."}
    )
    status_before = fields.Enum(
        CaseStatus,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "Where it goes back to, while the client is waited for."},
    )
    owner_id = Id("stf", required=True, metadata=OWNER)
    subject = fields.String(required=True, metadata=SUBJECT)
    description = fields.String(required=True, allow_none=True, metadata=DESCRIPTION)
    contact_id = Id("con", required=True, allow_none=True, metadata=CONTACT)
    about = fields.Nested(CaseAbout, required=True, allow_none=True, metadata=ABOUT)
    disputed = Money(required=True, allow_none=True, metadata=DISPUTED)
    dispute_outcome = fields.Enum(
        DisputeOutcome,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "What was decided about the amount."},
    )
    staff_ids = fields.List(Id("stf"), required=True, metadata=STAFF_IDS)
    products = fields.List(fields.String(), required=True, metadata=PRODUCTS)
    problem = fields.String(required=True, allow_none=True, metadata=PROBLEM)
    case_cause_id = Id("cau", required=True, allow_none=True, metadata=CAUSE)
    caused_by_id = Id("stf", required=True, allow_none=True, metadata=CAUSED_BY)
    product = fields.String(required=True, allow_none=True, metadata=PRODUCT)
    proposal = fields.String(required=True, allow_none=True, metadata=PROPOSAL)
    duplicate_of_id = Id(
        "cas",
        required=True,
        allow_none=True,
        metadata={"description": "The case that goes on instead."},
    )
    confirmed_by_id = Id(
        "con", required=True, allow_none=True, metadata={"description": "Who said it is solved."}
    )
    satisfaction = Whole(required=True, allow_none=True, metadata=SATISFACTION)
    received_at = Instant(required=True, metadata={"description": "When it was brought up."})
    moved_at = Instant(required=True, metadata={"description": "When something was done last."})
    closed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was closed."}
    )
    times_reopened = Whole(required=True, metadata={"description": "How often it was reopened."})


class CaseWithClocks(Case):
    """What a client brought up, with what its clocks show."""

    about_is = fields.Enum(
        AboutIs,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={
            "description": "Whose thing it is about, as far as we know by now: unknown also for order "
            "lines and shipments; null where it is about nothing."
        },
    )
    clocks = fields.List(fields.Nested(ClockFace), required=True)


class CaseQuery(PageQuery):
    """Which cases to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.Enum(
        CaseStatus, by_value=True, load_default=None, metadata={"description": "Only these."}
    )
    kind = fields.Enum(
        Kind, by_value=True, load_default=None, metadata={"description": "Only these."}
    )
    owner_id = Id(
        "stf", load_default=None, metadata={"description": "Only those that they look after."}
    )
    number = OneLine(
        longest=20, load_default=None, metadata={"description": "Only that with this number."}
    )
    is_overdue = Flag(
        load_default=None,
        metadata={"description": "True: only those with a clock that is over its target and runs."},
    )


class CaseLogQuery(PageQuery):
    """Whose log to list."""

    case_id = Id("cas", required=True)


class CaseState(Schema):
    """Something done with a case."""

    account_id = Id("acc", required=True)
    case_id = Id("cas", required=True)
    action = fields.Enum(
        CaseAction,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "What was done; null: it was opened."},
    )
    status = fields.Enum(
        CaseStatus, by_value=True, required=True, metadata={"description": "Where it stood then."}
    )
    note = fields.String(
        required=True, allow_none=True, metadata={"description": "What was said to it."}
    )
    moved_by = fields.String(required=True, metadata={"description": "Who did it."})
    moved_at = Instant(required=True, metadata={"description": "When it was done."})
    recorded_at = Instant(required=True, metadata={"description": "When we learned it."})
