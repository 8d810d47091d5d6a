"""What becomes of a bill: what it comes to, whether it may go out by itself, and what a person may do."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol

from kernel.money import Money, round_half_up
from kernel.refusals import Conflict
from services.billing.billables.rules import ToBill, price_pending
from services.billing.items.rules import AccountCurrency
from services.billing.pricing.rules import Priced
from services.billing.taxes.rules import Rounding

CHUNK = 500  # bills in one transaction of a run
USUAL_LEAST, USUAL_MOST = 3, 6  # of the last invoices say what is usual
ORDER_NUMBERS_LONGEST = 100  # characters of a client's order numbers on an invoice


class BillStatus(StrEnum):
    """Where a bill of a run stands. One that is parked waits for a person, and stops no other."""

    PENDING = "pending"
    INVOICED = "invoiced"
    NOTHING_DUE = "nothing_due"
    SKIPPED = "skipped"
    PARKED = "parked"


class BillAction(StrEnum):
    """What moves a bill."""

    INVOICE = "invoice"
    LEAVE = "leave"
    SKIP = "skip"
    PARK = "park"
    RETRY = "retry"


MOVES: Mapping[BillStatus, Mapping[BillAction, BillStatus]] = {
    BillStatus.PENDING: {
        BillAction.INVOICE: BillStatus.INVOICED,
        BillAction.LEAVE: BillStatus.NOTHING_DUE,
        BillAction.SKIP: BillStatus.SKIPPED,
        BillAction.PARK: BillStatus.PARKED,
    },
    BillStatus.PARKED: {
        BillAction.RETRY: BillStatus.PENDING,
        BillAction.SKIP: BillStatus.SKIPPED,
    },
    BillStatus.INVOICED: {},
    BillStatus.NOTHING_DUE: {},
    BillStatus.SKIPPED: {},
}


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


class Change(StrEnum):
    """A bill beside what the account was billed before."""

    FIRST = "first"  # never invoiced in this currency
    NEW = "new"  # not by the run before
    UP = "up"
    DOWN = "down"
    SAME = "same"


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
class Step:
    """What a run does with some of its bills: up to which day, as known when, with which date, within
    what; and who does it now."""

    billing_run_id: str
    previous_run_id: str | None
    cutoff_on: date
    invoice_on: date
    known_at: datetime
    limits: Limits
    today: date
    now: datetime
    by: str


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


class Known(Protocol):
    """What is known of an account."""

    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def order_number_required(self) -> bool: ...


class Pending(ToBill, Protocol):
    """What is to be billed, of whom."""

    @property
    def account_id(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def client_order_number(self) -> str | None: ...


class Foreseen(Protocol):
    """A bill as it is kept."""

    @property
    def account_id(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def account_ids(self) -> Sequence[str]: ...
    @property
    def status(self) -> str: ...
    @property
    def total(self) -> int | None: ...
    @property
    def hash(self) -> str | None: ...
    @property
    def usual(self) -> int | None: ...
    @property
    def is_accepted(self) -> bool: ...
    @property
    def client_order_number(self) -> str | None: ...


def next_status(status: str, action: BillAction) -> BillStatus:
    """Where an action leads a bill; Conflict where it leads nowhere."""
    moves = MOVES[BillStatus(status)]
    if action not in moves:
        possible = " or ".join(state for state, known in MOVES.items() if action in known)
        raise Conflict(
            "bill_state",
            f"The bill is {status}; one can {action} only what is {possible}.",
            state=status,
        )
    return moves[action]


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


def change_of(total: int, *, invoices: int, previous: int | None) -> Change:
    """A bill beside what the account was billed before: how many invoices, and what by the run before."""
    if not invoices:
        return Change.FIRST
    if previous is None:
        return Change.NEW
    if total == previous:
        return Change.SAME
    return Change.UP if total > previous else Change.DOWN


def hash_of(currency: str, priced: Priced) -> str:
    """The SHA-256, in hex, of what a bill says: its lines in their order, rates and totals."""
    said = [
        currency,
        [line._asdict() for line in priced.lines],
        [rate._asdict() for rate in priced.rates],
    ]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def changed(total: int, *, foreseen: int, currency: str) -> Verdict:
    """What is to be billed is not what was foreseen."""
    detail = (
        f"It comes to {Money(total, currency)} now, foreseen was {Money(foreseen, currency)}, or its "
        "lines are others; look at it and retry."
    )
    return Verdict(BillAction.PARK, Reason.CHANGED, detail)


def refused(why: str) -> Verdict:
    """It could not be billed, whatever it was."""
    return Verdict(BillAction.PARK, Reason.REFUSED, f"It could not be billed: {why}.")


def name_orders(numbers: Iterable[str | None]) -> str | None:
    """The client's numbers of the orders that a bill is for, each once, as far as there is room."""
    named = [number for number in dict.fromkeys(numbers) if number]
    while named and len(", ".join(named)) > ORDER_NUMBERS_LONGEST:
        named.pop()
    return ", ".join(named) or None


@dataclass(frozen=True)
class Outlook:
    """A bill with what is pending for it now."""

    bill: Foreseen
    account: Known | None
    billables: Sequence[Pending]
    rounding: Rounding
    lacks_address: bool

    @property
    def key(self) -> AccountCurrency:
        return self.bill.account_id, self.bill.currency

    @cached_property
    def priced(self) -> Priced:
        return price_pending(self.billables, rounding=self.rounding)

    @cached_property
    def hash(self) -> str:
        return hash_of(self.bill.currency, self.priced)

    @property
    def client_order_number(self) -> str | None:
        numbers = [each.client_order_number for each in self.billables]
        return self.bill.client_order_number or name_orders(numbers)

    @property
    def for_account_id(self) -> str | None:
        """For whom all of it is, where that is one account and not who pays."""
        [*served] = {each.account_id for each in self.billables}
        return served[0] if len(served) == 1 and served[0] != self.bill.account_id else None

    def facts(self, usual: int | None) -> Facts:
        """What decides about it, with what its last invoices come to."""
        account = self.account
        return Facts(
            currency=self.bill.currency,
            account_number=account.number if account else self.bill.account_id,
            account_status=account.status if account else None,
            lines=len(self.billables),
            total=self.priced.total,
            usual=usual,
            lacks_order_number=account is not None
            and account.order_number_required
            and not self.bill.client_order_number
            and not all(each.client_order_number for each in self.billables),
            lacks_address=self.lacks_address,
            is_accepted=self.bill.is_accepted,
        )

    def judge_again(self, limits: Limits) -> Verdict:
        """Whether it may be issued: it is what was foreseen, and nothing stops it now."""
        bill, total = self.bill, self.priced.total
        verdict = judge(self.facts(bill.usual), limits)
        if self.billables and self.hash != bill.hash:
            return changed(total, foreseen=bill.total or 0, currency=bill.currency)
        return verdict


def look(
    bills: Iterable[Foreseen],
    accounts: Mapping[str, Known],
    pending: Iterable[Pending],
    *,
    unaddressed: Collection[str],
    rounding: Rounding,
) -> Iterator[Outlook]:
    """Each bill with what is pending for it: of all accounts whose payer it is, in its currency. To those
    that are `unaddressed` nothing can be sent."""
    by_member: defaultdict[AccountCurrency, list[Pending]] = defaultdict(list)
    for each in pending:
        by_member[each.account_id, each.currency].append(each)
    for bill in bills:
        billables = [
            each for account_id in bill.account_ids for each in by_member[account_id, bill.currency]
        ]
        lacks_address = bill.account_id in unaddressed
        yield Outlook(bill, accounts.get(bill.account_id), billables, rounding, lacks_address)
