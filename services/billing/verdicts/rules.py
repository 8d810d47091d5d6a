"""Whether a bill of a run may go out by itself: what stops it, and what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from kernel.money import Money, round_half_up

USUAL_LEAST, USUAL_MOST = 3, 6  # of the last invoices say what is usual


class BillAction(StrEnum):
    """What moves a bill."""

    INVOICE = "invoice"
    DRAFT = "draft"
    DROP = "drop"
    REFUSE = "refuse"
    LEAVE = "leave"
    SKIP = "skip"
    PARK = "park"
    RETRY = "retry"


class Reason(StrEnum):
    """Why a bill is not invoiced."""

    NOTHING_PENDING = "nothing_pending"
    BELOW_NOTHING = "below_nothing"
    ACCOUNT_UNKNOWN = "account_unknown"
    ACCOUNT_CLOSING = "account_closing"
    ACCOUNT_CLOSED = "account_closed"
    ORDER_NUMBER_MISSING = "order_number_missing"
    NO_ADDRESS = "no_address"
    TOO_MANY_LINES = "too_many_lines"
    AMOUNT_UNUSUAL = "amount_unusual"
    CHANGED = "changed"
    REFUSED = "refused"
    BY_HAND = "by_hand"
    DRAFT_DELETED = "draft_deleted"
    DRAFTED_ANEW = "drafted_anew"


class Limits(NamedTuple):
    """What a bill may be and still go out by itself: lines, and how many times more or less than what is
    usual."""

    lines_max: int
    ratio_max: Decimal


class Verdict(NamedTuple):
    """What is to be done with a bill, and why, for programs and in words."""

    action: BillAction
    reason: Reason | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides about a bill. `account_status` is None where nothing is known of the account;
    `usual` is None before it has some invoices; `lacks_address` where it leaves by post and there is no
    address for it; `is_accepted` where a person has looked at it."""

    currency: str
    account_number: str
    account_status: str | None
    lines: int
    total: int
    usual: int | None
    lacks_order_number: bool
    lacks_address: bool = False
    is_accepted: bool = False


def judge(facts: Facts, limits: Limits) -> Verdict:
    """Whether a bill may go out by itself: what stops it first, in the order of what helps."""
    for stops in (_due, _account, _names, _size):
        verdict = stops(facts, limits)
        if verdict is not None:
            return verdict
    return Verdict(BillAction.INVOICE)


def _due(facts: Facts, _: Limits) -> Verdict | None:
    if not facts.lines:
        detail = "Nothing is pending any more."
        return Verdict(BillAction.LEAVE, Reason.NOTHING_PENDING, detail)
    if facts.total <= 0:
        total = Money(facts.total, facts.currency)
        detail = f"It comes to {total}; what is taken off waits for the next bill, 60 days at most."
        return Verdict(BillAction.LEAVE, Reason.BELOW_NOTHING, detail)
    return None


def _account(facts: Facts, _: Limits) -> Verdict | None:
    number = facts.account_number
    if facts.account_status is None:
        detail = "Nothing is known of the account yet; retry when its events have come."
        return Verdict(BillAction.PARK, Reason.ACCOUNT_UNKNOWN, detail)
    if facts.account_status == "closing":
        detail = f"Account {number} is closing; retry once that is decided."
        return Verdict(BillAction.PARK, Reason.ACCOUNT_CLOSING, detail)
    if facts.account_status == "closed":
        detail = f"Account {number} is closed; reopen it and retry, or skip the bill."
        return Verdict(BillAction.PARK, Reason.ACCOUNT_CLOSED, detail)
    return None


def _names(facts: Facts, _: Limits) -> Verdict | None:
    if facts.lacks_order_number:
        detail = "The client demands their order number on bills; retry with `client_order_number`."
        return Verdict(BillAction.PARK, Reason.ORDER_NUMBER_MISSING, detail)
    if facts.lacks_address:
        detail = (
            "The bill leaves by post and the account has no address for it; add a billing address, or "
            "have it sent by e-mail, then retry."
        )
        return Verdict(BillAction.PARK, Reason.NO_ADDRESS, detail)
    return None


def _size(facts: Facts, limits: Limits) -> Verdict | None:
    if facts.is_accepted:
        return None
    if facts.lines > limits.lines_max:
        detail = f"It has {facts.lines} lines, more than {limits.lines_max}; retry to bill it so."
        return Verdict(BillAction.PARK, Reason.TOO_MANY_LINES, detail)
    if facts.usual and is_unusual(facts.total, usual=facts.usual, ratio_max=limits.ratio_max):
        total, usual = (Money(each, facts.currency) for each in (facts.total, facts.usual))
        detail = f"It comes to {total}, where {usual} is usual; retry to bill it so."
        return Verdict(BillAction.PARK, Reason.AMOUNT_UNUSUAL, detail)
    return None


def is_unusual(total: int, *, usual: int, ratio_max: Decimal) -> bool:
    """Whether an amount is more than so many times what is usual, or less than that part of it."""
    return total > usual * ratio_max or total * ratio_max < usual


def usual_of(totals: Sequence[int]) -> int | None:
    """What an account's last invoices come to on average, half up; None where they are too few."""
    if len(totals) < USUAL_LEAST:
        return None
    return round_half_up(Decimal(sum(totals)) / len(totals))[0]


def changed(total: int, *, foreseen: int, currency: str) -> Verdict:
    """What is to be billed is not what was foreseen."""
    detail = (
        f"It comes to {Money(total, currency)} now, foreseen was {Money(foreseen, currency)}, or its "
        "lines are others; look at it and retry."
    )
    return Verdict(BillAction.PARK, Reason.CHANGED, detail)


def draft_refused(why: str) -> Verdict:
    """A draft could not be issued and stays one."""
    return Verdict(BillAction.REFUSE, Reason.REFUSED, f"It could not be issued: {why}.")


def refused(why: str) -> Verdict:
    """It could not be billed, whatever it was."""
    return Verdict(BillAction.PARK, Reason.REFUSED, f"It could not be billed: {why}.")
