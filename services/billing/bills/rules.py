"""What becomes of a bill: what it comes to, what is made of it, and what a person may do."""

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
from itertools import accumulate, takewhile
from typing import NamedTuple, Protocol

from kernel.refusals import Conflict
from services.billing.billables.rules import ToBill, price_pending
from services.billing.items.rules import AccountCurrency
from services.billing.pricing.rules import Priced
from services.billing.taxes.rules import Rounding
from services.billing.verdicts.rules import (
    BillAction,
    Facts,
    Limits,
    Reason,
    Verdict,
    changed,
    judge,
)

CHUNK = 500  # bills in one transaction of a run
LINES_AT_ONCE = 10_000  # of these bills, unless one alone has more
ORDER_NUMBERS_LONGEST = 100  # characters of a client's order numbers on an invoice


class Makes(StrEnum):
    """What a run makes of its bills: invoices, issued at once; or drafts, which people look at, edit and
    issue."""

    INVOICES = "invoices"
    DRAFTS = "drafts"


class BillStatus(StrEnum):
    """Where a bill of a run stands. One that is parked waits for a person, and stops no other."""

    PENDING = "pending"
    DRAFTED = "drafted"
    INVOICED = "invoiced"
    NOTHING_DUE = "nothing_due"
    SKIPPED = "skipped"
    PARKED = "parked"


MOVES: Mapping[BillStatus, Mapping[BillAction, BillStatus]] = {
    BillStatus.PENDING: {
        BillAction.INVOICE: BillStatus.INVOICED,
        BillAction.DRAFT: BillStatus.DRAFTED,
        BillAction.LEAVE: BillStatus.NOTHING_DUE,
        BillAction.SKIP: BillStatus.SKIPPED,
        BillAction.PARK: BillStatus.PARKED,
    },
    BillStatus.DRAFTED: {
        BillAction.INVOICE: BillStatus.INVOICED,
        BillAction.DROP: BillStatus.SKIPPED,
        BillAction.REFUSE: BillStatus.DRAFTED,
    },
    BillStatus.PARKED: {
        BillAction.RETRY: BillStatus.PENDING,
        BillAction.SKIP: BillStatus.SKIPPED,
    },
    BillStatus.INVOICED: {},
    BillStatus.NOTHING_DUE: {},
    BillStatus.SKIPPED: {},
}
"""A draft is dropped where it is deleted, or a later run makes it anew, and refused where it was to be
issued and could not be."""
DROPPED: Mapping[Reason, str] = {
    Reason.DRAFT_DELETED: "Its draft was deleted; what that billed waits for the next bill.",
    Reason.DRAFTED_ANEW: "A later run made its draft anew, with what was to be billed by then.",
}


class Change(StrEnum):
    """A bill beside what the account was billed before."""

    FIRST = "first"  # never invoiced in this currency
    NEW = "new"  # not by the run before
    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a run does with some of its bills: what it makes, up to which day, as known when, with which
    date, within what; and who does it now."""

    billing_run_id: str
    makes: str
    previous_run_id: str | None
    cutoff_on: date
    invoice_on: date
    known_at: datetime
    limits: Limits
    today: date
    now: datetime
    by: str


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


def fit(lines: Iterable[int], *, most: int) -> int:
    """How many of the first bills, which have so many lines each, come to no more than the most; one at
    least."""
    sums = accumulate(lines)
    return max(sum(1 for _ in takewhile(lambda each: each <= most, sums)), 1)


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


def name_orders(numbers: Iterable[str | None]) -> str | None:
    """The client's numbers of the orders that a bill is for, each once, as far as there is room."""
    named = [number for number in dict.fromkeys(numbers) if number]
    while named and len(", ".join(named)) > ORDER_NUMBERS_LONGEST:
        named.pop()
    return ", ".join(named) or None


class Draft(NamedTuple):
    """The draft that an earlier run made of an account in a currency and nobody has edited: how much of
    what is to be billed stands on it. The next run that makes drafts makes it anew."""

    invoice_id: str
    version: int
    quantities: dict[str, Decimal]
    account_ids: set[str]


@dataclass(frozen=True)
class Outlook:
    """A bill with what is pending for it now, and what stands on the draft that it makes anew."""

    bill: Foreseen
    account: Known | None
    billables: Sequence[Pending]
    rounding: Rounding
    lacks_address: bool
    draft: Draft | None = None

    @property
    def key(self) -> AccountCurrency:
        return self.bill.account_id, self.bill.currency

    @cached_property
    def priced(self) -> Priced:
        drafted = self.draft.quantities if self.draft else {}
        return price_pending(self.billables, rounding=self.rounding, drafted=drafted)

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
    drafts: Mapping[AccountCurrency, Draft],
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
        account, draft = accounts.get(bill.account_id), drafts.get((bill.account_id, bill.currency))
        yield Outlook(bill, account, billables, rounding, lacks_address, draft)
