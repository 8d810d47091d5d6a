"""Where statement runs and their statements stand, whose these are, and how each goes out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from kernel.calendar import add_months, next_day_of_month
from kernel.refusals import Conflict, Invalid
from services.billing.items.rules import AccountCurrency

ACCOUNTS_MAX = 1000  # named in one command
CHUNK = 50  # statements in one transaction of a run


class Which(StrEnum):
    """Of which accounts a run makes statements."""

    OPEN = "open"  # something was open at the end of the period
    MOVED = "moved"  # something moved what they owe in it
    ACTIVE = "active"  # either
    ALL = "all"  # whoever ever owed or paid anything


class RunStatus(StrEnum):
    """The state of a statement run."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class RunAction(StrEnum):
    """What moves a run."""

    COMPLETE = "complete"
    CANCEL = "cancel"


RUN_MOVES: Mapping[RunStatus, Mapping[RunAction, RunStatus]] = {
    RunStatus.RUNNING: {
        RunAction.COMPLETE: RunStatus.COMPLETED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.COMPLETED: {},
    RunStatus.CANCELLED: {},
}


class StatementStatus(StrEnum):
    """Where a statement of a run stands. One that is parked waits for a person, and stops no other."""

    PENDING = "pending"
    ASKED = "asked"  # made, and on its way by e-mail
    SENT = "sent"
    TO_PRINT = "to_print"  # made, and goes by post
    PRINTED = "printed"
    PARKED = "parked"
    SKIPPED = "skipped"


class StatementAction(StrEnum):
    """What moves a statement."""

    ASK = "ask"
    QUEUE = "queue"
    SEND = "send"
    PRINT = "print"
    PARK = "park"
    RETRY = "retry"
    SKIP = "skip"


MOVES: Mapping[StatementStatus, Mapping[StatementAction, StatementStatus]] = {
    StatementStatus.PENDING: {
        StatementAction.ASK: StatementStatus.ASKED,
        StatementAction.QUEUE: StatementStatus.TO_PRINT,
        StatementAction.PARK: StatementStatus.PARKED,
        StatementAction.SKIP: StatementStatus.SKIPPED,
    },
    StatementStatus.ASKED: {
        StatementAction.SEND: StatementStatus.SENT,
        StatementAction.PARK: StatementStatus.PARKED,
    },
    StatementStatus.TO_PRINT: {StatementAction.PRINT: StatementStatus.PRINTED},
    StatementStatus.PARKED: {
        StatementAction.RETRY: StatementStatus.PENDING,
        StatementAction.SKIP: StatementStatus.SKIPPED,
    },
    StatementStatus.SENT: {},
    StatementStatus.PRINTED: {},
    StatementStatus.SKIPPED: {},
}


class Reason(StrEnum):
    """Why a statement did not go out."""

    ACCOUNT_UNKNOWN = "account_unknown"
    NO_ADDRESS = "no_address"
    TOO_LONG = "too_long"
    MAIL_REFUSED = "mail_refused"
    REFUSED = "refused"
    BY_HAND = "by_hand"


class InCurrency(Protocol):
    """What is in a currency."""

    @property
    def currency(self) -> str: ...


Statement = TypeVar("Statement", bound=InCurrency)


class Verdict(NamedTuple):
    """What is to be done with a statement, and why, for programs and in words."""

    action: StatementAction
    reason: Reason | None = None
    detail: str | None = None


def next_run_status(status: str, action: RunAction) -> RunStatus:
    """Where an action leads a run; Conflict (`run_state`) where it leads nowhere."""
    moves = RUN_MOVES[RunStatus(status)]
    if action not in moves:
        raise Conflict("run_state", f"The statement run is {status} already.", state=status)
    return moves[action]


def next_status(status: str, action: StatementAction) -> StatementStatus:
    """Where an action leads a statement; Conflict (`statement_state`) where it leads nowhere."""
    moves = MOVES[StatementStatus(status)]
    if action not in moves:
        possible = " or ".join(state for state, known in MOVES.items() if action in known)
        raise Conflict(
            "statement_state",
            f"The statement is {status}; one can {action} only what is {possible}.",
            state=status,
        )
    return moves[action]


def judge(*, is_known: bool, is_too_long: bool, is_post: bool, is_addressed: bool) -> Verdict:
    """How a statement goes out, or what stops it: the first thing to see to."""
    park = StatementAction.PARK
    if not is_known:
        detail = (
            "Nobody has told how the account is addressed yet; retry when its events have come."
        )
        return Verdict(park, Reason.ACCOUNT_UNKNOWN, detail)
    if is_too_long:
        detail = "It is longer than a document may be; have several shorter periods stated."
        return Verdict(park, Reason.TOO_LONG, detail)
    if not is_post:
        return Verdict(StatementAction.ASK)
    if not is_addressed:
        detail = (
            "It leaves by post and the account has no address for it; add a billing address, or have it "
            "sent by e-mail, then retry."
        )
        return Verdict(park, Reason.NO_ADDRESS, detail)
    return Verdict(StatementAction.QUEUE)


def refused(why: str) -> Verdict:
    """It could not be made, whatever it was."""
    return Verdict(StatementAction.PARK, Reason.REFUSED, f"It could not be made: {why}.")


def by_currency(statements: Sequence[Statement]) -> Iterator[tuple[str, list[Statement]]]:
    """Statements by their currencies."""
    for currency in sorted({one.currency for one in statements}):
        yield currency, [one for one in statements if one.currency == currency]


def group(
    keys: Iterable[AccountCurrency], below: Mapping[str, Sequence[str]]
) -> dict[AccountCurrency, list[str]]:
    """Whose statements there are, and of which accounts each tells: each account for itself, and those
    below one that gets all in one (`below`: with itself first) in its own. Below several, the topmost."""
    topmost = {top for top in below if not any(top in below[each] for each in below if each != top)}
    owner = {one: top for top in sorted(topmost) for one in below[top]}
    found: dict[AccountCurrency, list[str]] = {}
    for account_id, currency in keys:
        top = owner.get(account_id, account_id)
        found.setdefault((top, currency), list(below[top]) if top in topmost else [top])
    return found


def period_before(day: date, statement_day: int) -> tuple[date, date]:
    """What is stated on a day that is an account's statement day: from the one of the month before to the
    day before."""
    month = add_months(day.replace(day=1), -1)
    return next_day_of_month(month, statement_day), day - timedelta(days=1)


def require_one_choice(*, accounts: object, statement_day: object) -> None:
    """Accounts are named, or chosen by their statement day."""
    if accounts is not None and statement_day is not None:
        raise Invalid(
            "chosen_twice",
            "Name accounts, or choose by statement day; leave out one.",
            field="statement_day",
        )


def require_over(last_day: date, *, today: date) -> None:
    """A statement that is sent tells of days that have come."""
    if last_day > today:
        raise Invalid(
            "in_the_future",
            f"`to` is {last_day}, after today, {today}; give today or earlier.",
            field="to",
        )


def require_statements(count: int) -> None:
    """A run sends something."""
    if not count:
        raise Conflict(
            "nothing_to_state",
            "These accounts have nothing of these days to be told, or were sent the statement of them; "
            "choose others, or send it `again`.",
        )
