"""Where billing runs stand, what moves them, and when one may be planned and approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict, Invalid, NotFound
from services.billing.bills.rules import BillStatus

ACCOUNTS_MAX = 1000  # named in one command
LINES_MAX = 500  # lines of a bill that goes out by itself, unless a run says otherwise
RATIO_MAX = Decimal(
    5
)  # how many times more or less than usual it may be, unless a run says otherwise


class RunStatus(StrEnum):
    """The state of a billing run."""

    PLANNED = "planned"
    PREVIEWED = "previewed"
    APPROVED = "approved"
    RUNNING = "running"
    COMPLETED = "completed"
    COMPLETED_WITH_PARKED = "completed_with_parked"
    CANCELLED = "cancelled"


class RunAction(StrEnum):
    """What moves a run, or leaves it where it is."""

    PREVIEW = "preview"
    APPROVE = "approve"
    START = "start"
    SETTLE = "settle"
    COMPLETE = "complete"
    PARK = "park"
    CANCEL = "cancel"
    ISSUE = "issue"


MOVES: Mapping[RunStatus, Mapping[RunAction, RunStatus]] = {
    RunStatus.PLANNED: {
        RunAction.PREVIEW: RunStatus.PREVIEWED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.PREVIEWED: {
        RunAction.APPROVE: RunStatus.APPROVED,
        RunAction.SETTLE: RunStatus.PREVIEWED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.APPROVED: {
        RunAction.START: RunStatus.RUNNING,
        RunAction.SETTLE: RunStatus.APPROVED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.RUNNING: {
        RunAction.SETTLE: RunStatus.RUNNING,
        RunAction.COMPLETE: RunStatus.COMPLETED,
        RunAction.PARK: RunStatus.COMPLETED_WITH_PARKED,
    },
    RunStatus.COMPLETED_WITH_PARKED: {
        RunAction.SETTLE: RunStatus.COMPLETED_WITH_PARKED,
        RunAction.COMPLETE: RunStatus.COMPLETED,
        RunAction.ISSUE: RunStatus.RUNNING,
    },
    RunStatus.COMPLETED: {RunAction.ISSUE: RunStatus.RUNNING},
    RunStatus.CANCELLED: {},
}
"""To settle is to have a person decide about one of its bills, to issue to have its drafts issued."""
NUMBER_CAME = "What the client calls the order has come."
ISSUES = frozenset({RunStatus.RUNNING, RunStatus.COMPLETED_WITH_PARKED})
"""What is settled then is billed at once."""
OVER = frozenset({RunStatus.COMPLETED, RunStatus.COMPLETED_WITH_PARKED})


def next_status(status: str, action: RunAction) -> RunStatus:
    """Where an action leads a run; Conflict, which says when it is possible, where it leads nowhere."""
    moves = MOVES[RunStatus(status)]
    if action not in moves:
        possible = " or ".join(state for state, known in MOVES.items() if action in known)
        raise Conflict(
            "run_state",
            f"The billing run is {status}; one can {action} only what is {possible}.",
            state=status,
        )
    return moves[action]


def require_days(*, cutoff_on: date, invoice_on: date, today: date) -> None:
    """The days of a run are foreseeable; Invalid otherwise."""
    require_foreseeable(cutoff_on, today=today, field="cutoff_on")
    require_foreseeable(invoice_on, today=today, field="invoice_on")


def require_approvable(*, invoice_on: date, today: date) -> None:
    """An invoice has the date of its issue or an earlier one."""
    if invoice_on > today:
        raise Conflict(
            "run_in_the_future", f"Its invoices are of {invoice_on}; approve the run on that day."
        )


def require_seen(billing_run_id: str, *, bills: int, seen: int) -> None:
    """A run is there for whoever sees all its bills."""
    if seen < bills:
        raise NotFound("billing_run_not_found", f"There is no billing run {billing_run_id}.")


def require_bills(count: int, *, cutoff_on: date, drafts: int) -> None:
    """A run bills something; what stands on drafts is billed by these."""
    if count:
        return
    instead = "choose a later day, or others."
    if drafts:
        stands = f"{drafts} drafts" if drafts > 1 else "a draft"
        instead = (
            f"what was stands on {stands} (GET /v1/invoices?status=draft). Issue or delete what is "
            "there, or choose a later day."
        )
    raise Conflict(
        "nothing_to_bill",
        f"Nothing of these accounts is to be billed by {cutoff_on}; {instead}",
        field="cutoff_on",
    )


def require_drafts(count: int) -> None:
    """What is issued at once is there."""
    if not count:
        raise Conflict(
            "nothing_drafted", "The billing run has no drafts any more; there is nothing to issue."
        )


def require_ratio(ratio_max: Decimal) -> None:
    """What is usual is never unusual."""
    if ratio_max < 1:
        raise Invalid(
            "ratio_below_one", "Give 1 or more: how many times as much is usual.", field="ratio_max"
        )


def require_one_choice(*, accounts: object, bill_day: object) -> None:
    """Accounts are named, or chosen by their bill day."""
    if accounts is not None and bill_day is not None:
        raise Invalid(
            "chosen_twice", "Name accounts, or choose by bill day; leave out one.", field="bill_day"
        )


def sum_made(counts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a run came to in each currency: how many invoices, how many drafts."""
    named = {BillStatus.INVOICED: ("invoices", "total"), BillStatus.DRAFTED: ("drafts", "drafted")}
    sums: dict[str, dict[str, Any]] = {}
    for one in counts:
        if (names := named.get(BillStatus(one["status"]))) is not None:
            none = {name: 0 for pair in named.values() for name in pair}
            made = sums.setdefault(one["currency"], {"currency": one["currency"], **none})
            made.update(zip(names, (one["bills"], one["total"]), strict=True))
    return list(sums.values())
