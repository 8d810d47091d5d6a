"""Statement runs, coming in and going out."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    PageQuery,
    Schema,
    Text,
    Total,
    Whole,
)
from services.billing.ledger.rules import EARLIEST
from services.billing.statement_runs.rules import (
    ACCOUNTS_MAX,
    Reason,
    RunStatus,
    StatementStatus,
    Which,
)


def _says(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class PlanStatements(Schema):
    """Of which days, and to whom."""

    first_day = Day(
        required=True,
        data_key="from",
        validate=validate.Range(min=EARLIEST),
        **_says("The first day of which they tell."),
    )
    last_day = Day(required=True, data_key="to", **_says("The last one; today or earlier."))
    accounts = ListOf(
        Id("acc"),
        least=1,
        most=ACCOUNTS_MAX,
        load_default=None,
        allow_none=True,
        **_says("Only to these accounts; null: to all."),
    )
    currency = Currency(load_default=None, allow_none=True, **_says("Only in this currency."))
    statement_day = Whole(
        least=1,
        most=31,
        load_default=None,
        allow_none=True,
        **_says("Only to accounts that want their statement on this day of the month."),
    )
    which = fields.String(
        load_default=Which.ACTIVE,
        validate=validate.OneOf(list(Which)),
        **_says(
            "open: where something was open at the end. moved: where something moved what was owed. "
            "active: either. all: whoever ever owed or paid anything."
        ),
    )
    is_again = Flag(
        load_default=False,
        data_key="again",
        **_says("Also to those that were sent the statement of just these days by another run."),
    )

    example: ClassVar = {"from": "2026-03-01", "to": "2026-03-01"}


class StatementRunPath(Schema):
    statement_run_id = Id("srn", required=True, **_says("The statement run."))


class CancelStatementRun(StatementRunPath):
    reason = Text(required=True, longest=500, **_says("Why."))


class StatementPath(StatementRunPath):
    account_id = Id("acc", required=True, **_says("To whom it is."))
    currency = Currency(required=True, **_says("In which currency."))


class DecideStatement(StatementPath):
    reason = Text(required=True, longest=500, **_says("Why."))


class StatementRunQuery(PageQuery):
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(RunStatus)),
        **_says("Only runs that stand there."),
    )


class RunStatementQuery(PageQuery, StatementRunPath):
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(StatementStatus)),
        **_says("Only statements that stand there."),
    )


class StatementRunSummary(Schema):
    """A statement run."""

    statement_run_id = Id("srn", **_says("The statement run."))
    status = fields.String(
        validate=validate.OneOf(list(RunStatus)),
        **_says("Running until all are made, or parked; those by e-mail may be on their way then."),
    )
    first_day = Day(data_key="from", **_says("The first day of which they tell."))
    last_day = Day(data_key="to", **_says("The last one."))
    known_at = Instant(**_says("What was recorded later does not stand on them."))
    accounts = fields.List(Id("acc"), allow_none=True, **_says("Only to these; null: to all."))
    currency = Currency(allow_none=True, **_says("Only in this currency."))
    statement_day = Whole(
        allow_none=True, **_says("Only to accounts that want theirs on this day.")
    )
    which = fields.String(validate=validate.OneOf(list(Which)), **_says("To which of them."))
    is_again = Flag(data_key="again", **_says("Whether also to those that were sent theirs."))
    is_automatic = Flag(**_says("Whether it was made by the day."))
    statements = Whole(**_says("How many it has: one for each account and currency."))
    planned_by = fields.String(**_says("Who planned it."))
    planned_at = Instant(**_says("When."))
    closed_at = Instant(allow_none=True, **_says("When it was through, or cancelled."))
    reason = fields.String(allow_none=True, **_says("Why it was cancelled."))
    version = Whole(**_says("Grows by one with every change; the ETag."))


class StatementCount(Schema):
    """How many of a run's statements stand somewhere, for one reason."""

    status = fields.String(
        validate=validate.OneOf(list(StatementStatus)), **_says("Where they stand.")
    )
    reason = fields.String(
        allow_none=True, validate=validate.OneOf(list(Reason)), **_says("Why, if not as planned.")
    )
    statements = Whole(**_says("How many."))


class StatementRun(StatementRunSummary):
    """A statement run, and how far it is."""

    counts = fields.List(fields.Nested(StatementCount), **_says("How many stand where."))


class RunStatement(Schema):
    """A statement of a run; in minor units of `currency`."""

    statement_run_id = Id("srn", **_says("The run."))
    account_id = Id("acc", **_says("To whom it is."))
    currency = Currency(**_says("ISO 4217 code."))
    account_ids = fields.List(Id("acc"), **_says("Of which accounts it tells, each by itself."))
    status = fields.String(
        validate=validate.OneOf(list(StatementStatus)),
        **_says("asked: made, and on its way by e-mail; to_print: made, and goes by post."),
    )
    reason = fields.String(
        allow_none=True, validate=validate.OneOf(list(Reason)), **_says("Why it is not sent.")
    )
    detail = fields.String(allow_none=True, **_says("The same in words, with what to do."))
    opening = Total(allow_none=True, **_says("Owed before the period; null until it is made."))
    closing = Total(allow_none=True, **_says("Owed at its end; null until it is made."))
    document_id = Id("doc", allow_none=True, **_says("Its document, once it is made."))
    recipient = fields.String(allow_none=True, **_says("Its e-mail address; null by post."))
    made_at = Instant(allow_none=True, **_says("When its document was made."))
    sent_at = Instant(allow_none=True, **_says("When it went out, or was printed."))
    decided_by = fields.String(allow_none=True, **_says("Who had it retried or skipped."))
    decided_at = Instant(allow_none=True, **_says("When."))
    decided_reason = fields.String(allow_none=True, **_says("Why."))
