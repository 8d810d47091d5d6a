"""What is announced of billing runs: how far they are, not what they bill each account."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import Event
from chassis.fields import Currency, Day, Id, Schema, Total, Whole
from services.billing.billing_runs.rules import RunStatus
from services.billing.bills.rules import Makes
from services.billing.events import told

_RUN: dict[str, Any] = {
    "billing_run_id": "brn_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "version": 5,
    "status": "running",
    "makes": "invoices",
    "cutoff_on": "2026-03-31",
    "invoice_on": "2026-04-01",
    "bills": 1200,
    "left": 700,
}


_NO_DRAFTS: dict[str, Any] = {"drafts": 0, "drafted": 0}


class RunSnapshot(Event):
    """Where a billing run stands. Keep the one with the highest `version`."""

    about = "billing_run_id"

    billing_run_id = Id("brn", required=True)
    version = Whole(**told("Grows with every change of the run."))
    status = fields.String(
        **told("Where it stands after the event.", validate=validate.OneOf(list(RunStatus)))
    )
    makes = fields.String(
        **told(
            "Invoices, or drafts that people issue.",
            validate=validate.OneOf(list(Makes)),
            dump_default=Makes.INVOICES,
        )
    )
    cutoff_on = Day(**told("What was to be billed until this day is billed."))
    invoice_on = Day(**told("The date of its invoices."))
    bills = Whole(**told("How many bills were planned: one for each account and currency."))
    left = Whole(**told("How many of them are still to be issued, drafted or left out."))


class BillingRunStarted(RunSnapshot):
    """A billing run was approved, and begins to issue invoices, or to make drafts. It comes again where
    its drafts are issued all at once."""

    says = "Billing run started: {bills} bills."
    example: ClassVar = _RUN | {"version": 4, "left": 1200}


class BillingRunProgressed(RunSnapshot):
    """A billing run has issued some more invoices, or made some more drafts."""

    says = "Billing run: {left} of {bills} bills are left."
    example: ClassVar = _RUN


class RunAmounts(Schema):
    """What a run came to in one currency."""

    currency = Currency(required=True)
    invoices = Whole(**told("How many invoices it issued."))
    total = Total(**told("What they come to, with tax, as foreseen."))
    drafts = Whole(**told("How many of its bills are drafts.", dump_default=0))
    drafted = Total(**told("What those come to, with tax, as foreseen.", dump_default=0))


class BillingRunCompleted(RunSnapshot):
    """A billing run has gone through all of its bills. Where some are parked, for a person to decide, it
    comes again when that is done; and where its drafts are issued all at once."""

    parked = Whole(**told("How many wait for a person."))
    amounts = fields.List(fields.Nested(RunAmounts), required=True)

    says = "Billing run completed; {parked} of {bills} bills are parked."
    example: ClassVar = _RUN | {
        "version": 8,
        "status": "completed_with_parked",
        "left": 0,
        "parked": 3,
        "amounts": [{"currency": "EUR", "invoices": 1190, "total": 14280000} | _NO_DRAFTS],
    }
