"""What comes in and goes out about dunning runs."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, PageQuery, Schema, Text, Total, Whole
from services.collections.dunning.rules import Reason
from services.collections.runs.rules import RunStatus


class SimulateRun(Schema):
    """Which day and procedure to look at."""

    run_on = Day(required=True, metadata={"description": "Today, or a day to come."})
    procedure_id = Id(
        "dpr",
        load_default=None,
        allow_none=True,
        metadata={"description": "The company's default if absent."},
    )

    example: ClassVar = {"run_on": "2030-12-31"}


class RunId(Schema):
    """Names a run."""

    run_id = Id("drn", required=True)


class CancelRun(RunId):
    """Why nothing more of a run is to be sent."""

    reason = Text(longest=500, required=True, metadata={"description": "Why, for those who ask."})


class RunQuery(PageQuery):
    """A page of runs."""


class RunSkipQuery(PageQuery):
    """A page of what a run left out."""

    run_id = Id("drn", required=True)
    reason = fields.String(
        load_default=None,
        validate=validate.OneOf(list(Reason)),
        metadata={"description": "Only for this reason; `not_decided` are the accounts it parked."},
    )


class RunSummary(Schema):
    """A dunning run."""

    run_id = Id("drn", metadata={"description": "The run."})
    version = Whole(metadata={"description": "Grows with every change."})
    run_on = Day(metadata={"description": "The day it is for."})
    procedure_id = Id("dpr", metadata={"description": "The procedure it follows."})
    procedure_number = Whole(metadata={"description": "In which version."})
    status = fields.String(
        validate=validate.OneOf(list(RunStatus)), metadata={"description": "Where it is."}
    )
    items_looked_at = Whole(metadata={"description": "How many open items it judged."})
    planned_at = Instant(metadata={"description": "When it was simulated."})
    planned_by = fields.String(metadata={"description": "Who simulated it."})
    approved_at = Instant(allow_none=True, metadata={"description": "When it was approved."})
    approved_by = fields.String(allow_none=True, metadata={"description": "Who approved it."})
    closed_at = Instant(
        allow_none=True, metadata={"description": "When its last notice came to an end."}
    )
    reason = fields.String(allow_none=True, metadata={"description": "Why it was cancelled."})


class RunLetters(Schema):
    """How many letters of a kind."""

    level = Whole(metadata={"description": "The level."})
    level_name = fields.String(metadata={"description": "Its name."})
    currency = Currency(metadata={"description": "Of the total."})
    status = fields.String(metadata={"description": "The notices' state."})
    notices = Whole(metadata={"description": "How many notices."})
    total = Total(metadata={"description": "What they ask for."})


class RunSkips(Schema):
    """How many items were left out for a reason."""

    reason = fields.String(validate=validate.OneOf(list(Reason)), metadata={"description": "Why."})
    items = Whole(metadata={"description": "How many items."})


class Run(RunSummary):
    """A dunning run with its figures."""

    letters = fields.List(
        fields.Nested(RunLetters), metadata={"description": "What it proposes or has sent."}
    )
    skips = fields.List(fields.Nested(RunSkips), metadata={"description": "What it left out."})


class Skip(Schema):
    """Items of an account that a run left out for the same reason."""

    account_id = Id("acc", metadata={"description": "The account."})
    reason = fields.String(validate=validate.OneOf(list(Reason)), metadata={"description": "Why."})
    sentence = fields.String(metadata={"description": "Why, in words."})
    level = Whole(allow_none=True, metadata={"description": "The level in question."})
    until = Day(allow_none=True, metadata={"description": "When it will be looked at again."})
    item_ids = fields.List(Id("itm"), metadata={"description": "The items."})


class ExplanationQuery(Schema):
    """Which item, and which day's run."""

    item_id = Id("itm", required=True, metadata={"description": "The open item."})
    on = Day(required=True, metadata={"description": "The day of the run."})


class Explanation(Schema):
    """Why an item was dunned on a day, or not."""

    item_id = Id("itm", metadata={"description": "The item."})
    account_id = Id("acc", metadata={"description": "Whose it is."})
    on = Day(metadata={"description": "The day."})
    outcome = fields.String(
        validate=validate.OneOf(["dunned", "dropped", "skipped", "not_looked_at"]),
        metadata={
            "description": "`dunned`: it is in a letter; `dropped`: it was, and was taken out before "
            "it went out; `skipped`: it was looked at and left out."
        },
    )
    sentence = fields.String(metadata={"description": "The answer in words."})
    reason = fields.String(metadata={"description": "The answer for programs."})
    level = Whole(allow_none=True, metadata={"description": "The level in question."})
    until = Day(allow_none=True, metadata={"description": "When that changes by itself."})
    run_id = Id("drn", metadata={"description": "The run that looked at it."})
    run_status = fields.String(metadata={"description": "Where that run is."})
    notice_id = Id("dnt", metadata={"description": "The notice it is or was in."})
