"""Billing runs, coming in and going out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    OneLine,
    PageQuery,
    Quantity,
    Schema,
    Text,
    Total,
    Whole,
)
from services.billing.billing_runs.rules import (
    ACCOUNTS_MAX,
    LINES_MAX,
    RATIO_MAX,
    RunStatus,
)
from services.billing.bills.rules import BillStatus, Change, Makes
from services.billing.bills.schemas import Bill
from services.billing.verdicts.rules import Reason


def _says(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


_MAKES = (
    "What it makes: `invoices`, issued at once; or `drafts`, which people look at, edit and issue, one "
    "by one or all at once. What stands on a draft is billed by nothing else. A draft that an earlier "
    "run made of an account and nobody has edited is made anew, with what is to be billed by then."
)


class PlanRun(Schema):
    """What is to be billed, with which date, and what may go out by itself."""

    cutoff_on = Day(required=True, **_says("What is to be billed until this day is billed."))
    makes = fields.String(
        load_default=Makes.INVOICES, validate=validate.OneOf(list(Makes)), **_says(_MAKES)
    )
    invoice_on = Day(
        load_default=None,
        allow_none=True,
        **_says("The date of the invoices, of drafts where they are issued at once; null: today."),
    )
    accounts = ListOf(
        Id("acc"),
        least=1,
        most=ACCOUNTS_MAX,
        load_default=None,
        allow_none=True,
        **_says("Only these accounts, and those they pay for; null: all."),
    )
    currency = Currency(load_default=None, allow_none=True, **_says("Only in this currency."))
    bill_day = Whole(
        least=1,
        most=31,
        load_default=None,
        allow_none=True,
        **_says("Only accounts that want their bill on this day of the month."),
    )
    lines_max = Whole(
        least=1,
        most=10000,
        load_default=LINES_MAX,
        **_says("A bill with more lines is parked, for a person to look at."),
    )
    ratio_max = Quantity(
        load_default=RATIO_MAX,
        **_says(
            "A bill that comes to more than so many times what the account's last six invoices come to "
            "on average, or to less than that part of it, is parked."
        ),
    )


class RunPath(Schema):
    billing_run_id = Id("brn", required=True, **_says("The billing run."))


class CancelRun(RunPath):
    reason = Text(required=True, longest=500, **_says("Why."))


class BillPath(RunPath):
    account_id = Id("acc", required=True, **_says("Who is billed."))
    currency = Currency(required=True, **_says("In which currency."))


class SkipBill(BillPath):
    reason = Text(required=True, longest=500, **_says("Why."))


class RetryBill(SkipBill):
    client_order_number = OneLine(
        load_default=None,
        longest=100,
        allow_none=True,
        **_says("What the client calls the order, where they demand that it stands on the bill."),
    )


class RunQuery(PageQuery):
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(RunStatus)),
        **_says("Only runs that stand there."),
    )


class BillQuery(PageQuery, RunPath):
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(BillStatus)),
        **_says("Only bills that stand there."),
    )
    change = fields.String(
        load_default=None,
        validate=validate.OneOf(list(Change)),
        **_says("Only bills that compare so with what was billed before."),
    )


class RunSummary(Schema):
    """A billing run."""

    billing_run_id = Id("brn", **_says("The billing run."))
    status = fields.String(
        validate=validate.OneOf(list(RunStatus)),
        **_says("Planned until all is foreseen; previewed until it is approved."),
    )
    makes = fields.String(validate=validate.OneOf(list(Makes)), **_says(_MAKES))
    cutoff_on = Day(**_says("What is to be billed until this day is billed."))
    invoice_on = Day(**_says("The date of its invoices."))
    known_at = Instant(**_says("What was recorded later waits for another run."))
    accounts = fields.List(Id("acc"), allow_none=True, **_says("Only these; null: all."))
    currency = Currency(allow_none=True, **_says("Only in this currency."))
    bill_day = Whole(allow_none=True, **_says("Only accounts that want their bill on this day."))
    is_automatic = Flag(**_says("Whether it was made by the day and is approved by itself."))
    lines_max = Whole(**_says("With more lines a bill is parked."))
    ratio_max = Quantity(**_says("So many times off what is usual a bill is parked."))
    previous_run_id = Id(
        "brn", allow_none=True, **_says("The run of the same choice before it, to compare with.")
    )
    bills = Whole(**_says("How many bills it has: one for each account and currency."))
    left = Whole(**_says("How many of them are still to be foreseen, drafted or issued."))
    planned_by = fields.String(**_says("Who planned it."))
    planned_at = Instant(**_says("When."))
    approved_by = fields.String(allow_none=True, **_says("Who approved it."))
    approved_at = Instant(allow_none=True, **_says("When."))
    drafts_issued_by = fields.String(
        allow_none=True, **_says("Who had its drafts issued at once, the last time.")
    )
    drafts_issued_at = Instant(allow_none=True, **_says("When."))
    closed_at = Instant(allow_none=True, **_says("When it was through, or cancelled."))
    reason = fields.String(allow_none=True, **_says("Why it was cancelled."))
    version = Whole(**_says("Grows by one with every change; the ETag."))


class _Amounts(Schema):
    currency = Currency(**_says("ISO 4217 code; the amounts are in its minor units."))
    bills = Whole(**_says("How many bills."))
    total = Total(**_says("What they come to, with tax."))


class RunCount(_Amounts):
    """How many of a run's bills stand somewhere, in one currency."""

    status = fields.String(validate=validate.OneOf(list(BillStatus)), **_says("Where they stand."))


class Run(RunSummary):
    """A billing run, and how far it is."""

    counts = fields.List(
        fields.Nested(RunCount), **_says("How many stand where, and what they come to.")
    )


class RunChange(_Amounts):
    """How some of a run's bills compare with what was billed before, in one currency."""

    change = fields.String(
        allow_none=True,
        validate=validate.OneOf(list(Change)),
        **_says("As with each bill."),
    )
    previous = Total(**_says("What the run before billed these accounts."))


class RunGone(Schema):
    """What the run before billed and this one does not, in one currency."""

    currency = Currency(**_says("ISO 4217 code; the amounts are in its minor units."))
    bills = Whole(**_says("How many accounts."))
    previous = Total(**_says("What they were billed."))


class RunLeftOut(RunCount):
    """What a run leaves out or has wait for a person, for one reason, in one currency."""

    reason = fields.String(validate=validate.OneOf(list(Reason)), **_says("Why."))


class Preview(Schema):
    """What a run bills, beside what was billed before: what to look at before it is approved."""

    billing_run_id = Id("brn", **_says("The billing run."))
    previous_run_id = Id(
        "brn", allow_none=True, **_says("The run of the same choice before it; null without one.")
    )
    counts = fields.List(
        fields.Nested(RunCount), **_says("How many stand where, and what they come to.")
    )
    changes = fields.List(
        fields.Nested(RunChange),
        **_says("What is new, more or less, of what is or will be invoiced."),
    )
    gone = fields.List(fields.Nested(RunGone), **_says("What is not billed any more."))
    left_out = fields.List(fields.Nested(RunLeftOut), **_says("What is left out, and why."))
    largest = fields.List(fields.Nested(Bill), **_says("The ten that come to the most."))
    first = fields.List(
        fields.Nested(Bill),
        **_says("Of those that were never invoiced before, the ten that come to the most."),
    )
