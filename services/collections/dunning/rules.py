"""Which level of which item is due on a day, or why none is. Pure; everything automatic asks here.

The rules, in the order in which they are asked:

1. Nothing for an account we do not know yet, an item that was handed over or rests on a hold, one of
   which all that is owed is disputed or on its way, or one whose rest the account's unapplied credit
   covers (set against the oldest items first).
2. One level at a time, none skipped: the level due is the one above the highest that was sent. An
   item that is 45 days late and never got level 1 gets level 1. The courtesy (level 0) is no step of
   the ladder: it is sent before the due date or not at all.
3. A level is due `delay_days` after the due date, and never sooner after the letter before it than
   the two levels' delays lie apart: who is written to late has the same time to pay.
4. Days on hold do not count.
5. A letter that is approved but not sent yet blocks the item until it is sent or dropped.

What identifies a step is the item, its due date and the level: a new due date starts a new clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from kernel.calendar import add_days
from services.collections.procedures.rules import COURTESY, Level, level_of
from services.collections.receivables.rules import askable, dunnable_parts


class Reason(StrEnum):
    """Why an item is dunned or not."""

    DUE = "due"
    ACCOUNT_NOT_KNOWN = "account_not_known"
    IN_COLLECTIONS = "in_collections"
    ON_HOLD = "on_hold"
    DISPUTED = "disputed"
    IN_FLIGHT = "in_flight"
    NET_CREDIT = "net_credit"
    COVERED_BY_CREDIT = "covered_by_credit"
    NO_LEVELS = "no_levels"
    LETTER_ON_ITS_WAY = "letter_on_its_way"
    ALL_LEVELS_SENT = "all_levels_sent"
    NOT_DUE_YET = "not_due_yet"
    NOT_DECIDED = "not_decided"
    # Why an item was taken out of a letter that had been proposed:
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    OTHER_PROCEDURE = "other_procedure"
    CANCELLED = "cancelled"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open item with all that the decision about it looks at."""

    item_id: str
    account_id: str
    procedure_id: str
    currency: str
    invoice_number: str
    is_cost: bool
    position: int
    issued_on: date | None
    due_date: date
    amount: int
    balance: int
    disputed: int
    in_flight: int
    unapplied: int  # the whole account's, in this currency
    is_account_known: bool
    is_in_collections: bool
    last_level: int | None  # the highest sent or on its way since this due date
    last_sent_on: date | None  # None while that letter is on its way
    hold_until: date | None
    days_frozen: int  # since the last letter, else since the due date

    @property
    def askable(self) -> int:
        return askable(self.balance, disputed=self.disputed, in_flight=self.in_flight)


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be asked for of an item after credit; in net credit nothing of the account's is."""

    item: OpenItem
    amount: int
    is_net_credit: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """About one item on one day: whether `level` is due, or why not, and until when if that is known
    (the first day the level is due, or the last of a hold)."""

    item: OpenItem
    amount: int
    reason: Reason
    level: int | None = None
    until: date | None = None

    @property
    def is_due(self) -> bool:
        return self.reason is Reason.DUE


@dataclass(frozen=True, slots=True)
class Proposal:
    """A letter to propose: one account, level and currency."""

    account_id: str
    level: int
    currency: str
    decisions: tuple[Decision, ...]

    @property
    def total(self) -> int:
        return sum(decision.amount for decision in self.decisions)


def decide(items: Iterable[OpenItem], *, levels: Sequence[Level], on: date) -> list[Decision]:
    """A decision about every item. `items` are all open ones of the accounts concerned, ordered by
    account, currency and the order of their documents, which the decisions keep."""
    return [_decide_one(claim, levels, on) for claim in claims(items)]


def claims(items: Iterable[OpenItem]) -> Iterator[Claim]:
    """What may be asked for of each item after its account's credit, in the order and completeness that
    `decide` asks for."""
    for _, group in groupby(items, key=lambda item: (item.account_id, item.currency)):
        own = list(group)
        parts = dunnable_parts((item.askable for item in own), unapplied=own[0].unapplied)
        is_net_credit = not any(parts)
        for item, part in zip(own, parts, strict=True):
            yield Claim(item, part, is_net_credit)


def _decide_one(claim: Claim, levels: Sequence[Level], on: date) -> Decision:
    item, amount = claim.item, claim.amount
    standing = why_silent(claim)
    if standing is not None:
        return Decision(item, amount, standing, until=item.hold_until)
    if not levels:
        return Decision(item, amount, Reason.NO_LEVELS)
    if item.last_level is not None and item.last_sent_on is None:
        return Decision(item, amount, Reason.LETTER_ON_ITS_WAY, item.last_level)
    level = next_level(item, levels=levels, on=on)
    if level is None:
        return Decision(item, amount, Reason.ALL_LEVELS_SENT, item.last_level)
    ready = ready_on(item, level=level, levels=levels)
    if on < ready:
        return Decision(item, amount, Reason.NOT_DUE_YET, level.number, ready)
    return Decision(item, amount, Reason.DUE, level.number)


def why_silent(claim: Claim) -> Reason | None:
    """Why nothing at all may be asked for this item now; None if it may be."""
    item = claim.item
    if not item.is_account_known:
        return Reason.ACCOUNT_NOT_KNOWN
    if item.is_in_collections:
        return Reason.IN_COLLECTIONS
    if item.hold_until is not None:
        return Reason.ON_HOLD
    is_asked = claim.amount > 0 and not claim.is_net_credit
    return None if is_asked else _why_nothing(claim)


def _why_nothing(claim: Claim) -> Reason:
    if claim.item.askable <= 0:
        return Reason.DISPUTED if claim.item.disputed else Reason.IN_FLIGHT
    return Reason.NET_CREDIT if claim.is_net_credit else Reason.COVERED_BY_CREDIT


def next_level(item: OpenItem, *, levels: Sequence[Level], on: date) -> Level | None:
    """The one level that can be sent next; None after the last."""
    if item.last_level is None and on < item.due_date:
        courtesy = level_of(levels, COURTESY)
        if courtesy is not None:
            return courtesy
    return level_of(levels, (item.last_level or COURTESY) + 1)


def ready_on(item: OpenItem, *, level: Level, levels: Sequence[Level]) -> date:
    """The first day on which that level is due."""
    ready = add_days(item.due_date, level.delay_days)
    if item.last_level and item.last_sent_on is not None:
        before = level_of(levels, item.last_level)
        if before is not None:
            gap = level.delay_days - before.delay_days
            ready = max(ready, add_days(item.last_sent_on, gap))
    return add_days(ready, item.days_frozen)


def propose(decisions: Iterable[Decision]) -> list[Proposal]:
    """The letters that are due: one for each account, level and currency."""
    letters: dict[tuple[str, int, str], list[Decision]] = {}
    for decision in decisions:
        if decision.is_due:
            assert decision.level is not None, "what is due has a level"
            key = (decision.item.account_id, decision.level, decision.item.currency)
            letters.setdefault(key, []).append(decision)
    return [Proposal(*key, tuple(due)) for key, due in letters.items()]


def is_last_level_sent(item: OpenItem, *, levels: Sequence[Level]) -> bool:
    """Whether nothing more will be written about this item."""
    return bool(levels) and (
        item.last_sent_on is not None
        and item.last_level is not None
        and item.last_level >= levels[-1].number
    )


_SENTENCES = {
    Reason.DUE: "Level {level} was due.",
    Reason.ACCOUNT_NOT_KNOWN: "Collections did not know the account yet, so nobody to write to.",
    Reason.IN_COLLECTIONS: "It was handed over to collections, which alone speaks to the client.",
    Reason.ON_HOLD: "Dunning is paused by a hold until {until}.",
    Reason.DISPUTED: "All that is owed of it is disputed, or on its way besides what is disputed.",
    Reason.IN_FLIGHT: "All that is owed of it is on its way.",
    Reason.NET_CREDIT: "The account's unapplied credit covered all that may be asked for in this "
    "currency.",
    Reason.COVERED_BY_CREDIT: "The account's unapplied credit, set against the oldest items first, "
    "covered it.",
    Reason.NO_LEVELS: "The account's procedure sends nothing.",
    Reason.LETTER_ON_ITS_WAY: "Its letter of level {level} was approved and not sent yet.",
    Reason.ALL_LEVELS_SENT: "Every level had been sent.",
    Reason.NOT_DUE_YET: "Level {level} is not due before {until}.",
    Reason.NOT_DECIDED: "The run could not decide about its account, and parked it: {detail}. The next "
    "run looks again.",
    Reason.CLOSED: "It was paid, void or written off before the letter of level {level} went out.",
    Reason.SUPERSEDED: "Level {level} had been approved in another run.",
    Reason.OTHER_PROCEDURE: "Its account got another procedure before the letter went out.",
    Reason.CANCELLED: "Its letter of level {level} was cancelled.",
    Reason.UNDELIVERABLE: "Its letter of level {level} was refused by the recipient's mail server; "
    "the next one goes by post.",
}


def sentence(
    reason: Reason, *, level: int | None, until: date | None, detail: str | None = None
) -> str:
    """The reason in words."""
    words = {"level": level, "until": until or "some later day", "detail": detail or "no reason"}
    return _SENTENCES[reason].format_map(words)
