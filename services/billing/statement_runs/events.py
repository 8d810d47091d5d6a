"""What is announced of statement runs and their statements."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent, Event
from chassis.fields import Currency, Day, Id, Total, Whole
from services.billing.events import ACCOUNT, told
from services.billing.statement_runs.rules import RunStatus, StatementStatus

_RUN: dict[str, Any] = {
    "statement_run_id": "srn_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "version": 1,
    "status": "running",
    "first_day": "2026-03-01",
    "last_day": "2026-03-31",
    "statements": 1200,
    "left": 700,
}
_STATEMENT: dict[str, Any] = ACCOUNT | {
    "statement_run_id": "srn_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "document_id": "doc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "currency": "EUR",
    "first_day": "2026-03-01",
    "last_day": "2026-03-31",
    "closing": 161000,
}


class StatementRunSnapshot(Event):
    """Where a statement run stands. Keep the one with the highest `version`; of equal ones that with the
    least `left`."""

    about = "statement_run_id"

    statement_run_id = Id("srn", required=True)
    version = Whole(**told("Grows with every change of the run."))
    status = fields.String(
        **told("Where it stands after the event.", validate=validate.OneOf(list(RunStatus)))
    )
    first_day = Day(**told("The first day of which it tells."))
    last_day = Day(**told("The last one."))
    statements = Whole(**told("How many statements were planned."))
    left = Whole(**told("How many of them are still to be made."))


class StatementRunStarted(StatementRunSnapshot):
    """A statement run was planned, and begins to make its statements."""

    says = "Statement run started: {statements} statements."
    example: ClassVar = _RUN | {"left": 1200}


class StatementRunProgressed(StatementRunSnapshot):
    """A statement run has made some more statements."""

    says = "Statement run: {left} of {statements} statements are left."
    example: ClassVar = _RUN


class StatementRunCompleted(StatementRunSnapshot):
    """A statement run has gone through all of its statements; those by e-mail are on their way."""

    parked = Whole(**told("How many wait for a person."))

    says = "Statement run completed; {parked} of {statements} statements are parked."
    example: ClassVar = _RUN | {"version": 2, "status": "completed", "left": 0, "parked": 3}


class StatementEvent(AccountEvent):
    """A statement of account, and which."""

    statement_run_id = Id("srn", **told("The run that made it."))
    document_id = Id("doc", **told("Its document."))
    currency = Currency(**told("Of what it tells."))
    first_day = Day(**told("The first day of which it tells."))
    last_day = Day(**told("The last one."))
    closing = Total(**told("What was owed at its end; below 0 it is in the client's favour."))


class StatementAsked(StatementEvent):
    """A statement was made that goes by e-mail; billing itself listens, and sends it."""

    says = "A statement of account until {last_day} is on its way by e-mail."
    example: ClassVar = _STATEMENT


class StatementSent(StatementEvent):
    """A statement went out: our mail server took it, or it was printed for the post."""

    status = fields.String(
        **told(
            "sent by e-mail, or printed.",
            validate=validate.OneOf([StatementStatus.SENT, StatementStatus.PRINTED]),
        )
    )

    says = "A statement of account until {last_day} was {status}."
    example: ClassVar = _STATEMENT | {"status": "sent"}
