"""What a case may do in which state, when that is allowed, and what its clocks make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from kernel.money import Money
from kernel.refusals import Conflict, Forbidden, Invalid
from services.accounts.clocks.rules import Clock, Kind, Passage


class CaseStatus(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DIAGNOSED = "diagnosed"
    PROPOSED = "proposed"
    IN_APPROVAL = "in_approval"
    ACCEPTED = "accepted"
    EXECUTED = "executed"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    WAITING_FOR_CLIENT = "waiting_for_client"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class CaseAction(StrEnum):
    """What is done with a case. The last four leave it where it is."""

    ACKNOWLEDGE = "acknowledge"
    DIAGNOSE = "diagnose"
    PROPOSE = "propose"
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    REFUSE = "refuse"
    ACCEPT = "accept"
    EXECUTE = "execute"
    CONFIRM = "confirm"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MARK_DUPLICATE = "mark_duplicate"
    RESOLVE_DISPUTE = "resolve_dispute"
    WAIT = "wait"
    RESUME = "resume"
    NOTE = "note"
    UPDATE = "update"
    PRIORITISE = "prioritise"
    REASSIGN = "reassign"


class AboutKind(StrEnum):
    """What a case may be about."""

    ORDER = "order"
    ORDER_LINE = "order_line"
    INVOICE = "invoice"
    SHIPMENT = "shipment"


class AboutIs(StrEnum):
    """Whose thing a case is about, as far as is known now."""

    THEIRS = "theirs"
    ANOTHERS = "anothers"
    UNKNOWN = "unknown"


class DisputeOutcome(StrEnum):
    """What came of a contested amount."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"


Moves = Mapping[CaseAction, CaseStatus | None]


def _while_open(status: CaseStatus) -> Moves:
    """What leaves a case where it is."""
    return {
        CaseAction.NOTE: status,
        CaseAction.UPDATE: status,
        CaseAction.PRIORITISE: status,
        CaseAction.REASSIGN: status,
    }


def _while_running(status: CaseStatus) -> Moves:
    """What is possible with any case that is being worked on."""
    return {CaseAction.WAIT: CaseStatus.WAITING_FOR_CLIENT, **_while_open(status)}


_GIVEN_UP: Moves = {
    CaseAction.WITHDRAW: CaseStatus.WITHDRAWN,
    CaseAction.MARK_DUPLICATE: CaseStatus.DUPLICATE,
}

# Where an action leads from a status; None is back to where the case was before it waited.
MOVES: Mapping[CaseStatus, Moves] = {
    CaseStatus.RECEIVED: {
        CaseAction.ACKNOWLEDGE: CaseStatus.ACKNOWLEDGED,
        CaseAction.RESOLVE_DISPUTE: CaseStatus.PROPOSED,
        **_GIVEN_UP,
        **_while_running(CaseStatus.RECEIVED),
    },
    CaseStatus.ACKNOWLEDGED: {
        CaseAction.DIAGNOSE: CaseStatus.DIAGNOSED,
        CaseAction.RESOLVE_DISPUTE: CaseStatus.PROPOSED,
        CaseAction.CLOSE: CaseStatus.CLOSED,  # praise alone, which asks for nothing
        **_GIVEN_UP,
        **_while_running(CaseStatus.ACKNOWLEDGED),
    },
    CaseStatus.DIAGNOSED: {
        CaseAction.DIAGNOSE: CaseStatus.DIAGNOSED,
        CaseAction.RESOLVE_DISPUTE: CaseStatus.PROPOSED,
        CaseAction.PROPOSE: CaseStatus.PROPOSED,
        **_GIVEN_UP,
        **_while_running(CaseStatus.DIAGNOSED),
    },
    CaseStatus.PROPOSED: {
        CaseAction.PROPOSE: CaseStatus.PROPOSED,
        CaseAction.RESOLVE_DISPUTE: CaseStatus.PROPOSED,
        CaseAction.ASK_APPROVAL: CaseStatus.IN_APPROVAL,
        CaseAction.ACCEPT: CaseStatus.ACCEPTED,
        CaseAction.REFUSE: CaseStatus.DIAGNOSED,
        **_GIVEN_UP,
        **_while_running(CaseStatus.PROPOSED),
    },
    CaseStatus.IN_APPROVAL: {
        CaseAction.APPROVE: CaseStatus.ACCEPTED,
        CaseAction.REFUSE: CaseStatus.DIAGNOSED,
        **_while_running(CaseStatus.IN_APPROVAL),
    },
    CaseStatus.ACCEPTED: {
        CaseAction.EXECUTE: CaseStatus.EXECUTED,
        CaseAction.PROPOSE: CaseStatus.PROPOSED,  # what was accepted cannot be had
        **_while_running(CaseStatus.ACCEPTED),
    },
    CaseStatus.EXECUTED: {
        CaseAction.CONFIRM: CaseStatus.CONFIRMED,
        **_while_running(CaseStatus.EXECUTED),
    },
    CaseStatus.CONFIRMED: {
        CaseAction.CLOSE: CaseStatus.CLOSED,
        **_while_running(CaseStatus.CONFIRMED),
    },
    CaseStatus.CLOSED: {CaseAction.REOPEN: CaseStatus.ACKNOWLEDGED},
    CaseStatus.WAITING_FOR_CLIENT: {
        CaseAction.RESUME: None,
        **_while_open(CaseStatus.WAITING_FOR_CLIENT),
    },
    CaseStatus.WITHDRAWN: {},
    CaseStatus.DUPLICATE: {},
}

ENDED = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.DUPLICATE})
_SOLVED = ENDED | {CaseStatus.EXECUTED, CaseStatus.CONFIRMED}
# What tells the client something: they wait for the next news from then on.
_TO_CLIENT = frozenset(
    {
        CaseAction.ACKNOWLEDGE,
        CaseAction.PROPOSE,
        CaseAction.RESOLVE_DISPUTE,
        CaseAction.WAIT,
        CaseAction.UPDATE,
    }
)

_NOTES = frozenset({CaseAction.WAIT, *_while_open(CaseStatus.RECEIVED)})

LOG_MAX = 1000  # things noted of one case
ALIKE_DAYS = 30  # cases about nothing are alike for so long
REOPENED_DAYS = 14
# What is entered later than it happened may be brought up to date for so long before anybody is warned.
ENTRY_TIME = timedelta(hours=1)
_PREFIXES = {
    AboutKind.ORDER: "ord_",
    AboutKind.ORDER_LINE: "orl_",
    AboutKind.INVOICE: "inv_",
    AboutKind.SHIPMENT: "shp_",
}


class Entry(Protocol):
    """Something done with a case."""

    @property
    def action(self) -> CaseAction | None: ...
    @property
    def status(self) -> CaseStatus: ...
    @property
    def moved_at(self) -> datetime: ...


class Named(Protocol):
    """A case, as refusals name it."""

    @property
    def case_id(self) -> str: ...
    @property
    def account_id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def status(self) -> CaseStatus: ...


def assigned_number(position: int) -> str:
    """The number of the case opened in this place: C-000017."""
    return f"C-{position:06d}"


def require_move(number: str, status: CaseStatus, action: CaseAction) -> None:
    """Conflict, which says when the action would be possible, where it leads nowhere."""
    if action in MOVES[status]:
        return
    possible = " or ".join(str(before) for before, moves in MOVES.items() if action in moves)
    raise Conflict(
        "wrong_status",
        f"Case {number} is {status}; {action} is for a case that is {possible}.",
        state=status,
    )


def next_status(
    number: str, status: CaseStatus, action: CaseAction, *, before_waiting: CaseStatus | None
) -> CaseStatus:
    """Where the action leads; Conflict where it leads nowhere. `before_waiting` is where a case that
    waits was before."""
    require_move(number, status, action)
    to = MOVES[status][action] or before_waiting
    assert to is not None, "who waits knows where they were before"
    return to


def require_room(number: str, action: CaseAction, count: int) -> None:
    """Refuse to note ever more of a case; to bring it on is possible for ever."""
    if count >= LOG_MAX and action in _NOTES:
        raise Conflict(
            "log_full", f"Of case {number} {count} things are noted; bring it on, or open another."
        )


def require_closable(number: str, status: CaseStatus, kind: Kind) -> None:
    """Refuse to close what is acknowledged and not solved; praise asks for no solution."""
    if status == CaseStatus.ACKNOWLEDGED and kind != Kind.PRAISE:
        raise Conflict(
            "not_solved",
            f"Case {number} is a {kind}; it is closed once the client has confirmed its solution, or "
            "withdrawn.",
            state=status,
        )


def require_possible(
    *,
    kind: Kind,
    about: Mapping[str, Any] | None,
    disputed: Money | None,
    is_praising: bool,
) -> None:
    """Refuse what a case of this kind cannot be about."""
    if about is not None and not str(about["id"]).startswith(_PREFIXES[about["kind"]]):
        begin = _PREFIXES[about["kind"]]
        detail = f"The id of a thing that is of kind {about['kind']} begins with {begin}."
        raise Invalid("about_other", detail, field="about/id")
    is_bill = about is not None and about["kind"] == AboutKind.INVOICE
    if disputed is not None and not (kind == Kind.COMPLAINT and is_bill):
        detail = "An amount is contested by a complaint about an invoice; name that in `about`."
        raise Invalid("invoice_missing", detail, field="disputed")
    if is_praising and kind != Kind.PRAISE:
        detail = "Only praise names people; whom a complaint names, its diagnosis does."
        raise Invalid("no_praise", detail, field="staff_ids")


def require_not_anothers(about_is: AboutIs | None) -> None:
    """Refuse a case about what is known to be another account's."""
    if about_is == AboutIs.ANOTHERS:
        detail = (
            "That belongs to another account; name one of this account's, or leave `about` out."
        )
        raise Invalid("about_anothers", detail, field="about/id")


def concerned(about: Mapping[str, Any] | None, disputed: Money | None) -> dict[str, Any]:
    """What a case is about, and which amount it contests, as its columns say it."""
    thing = {f"about_{name}": about and about[name] for name in ("kind", "id", "number")}
    amount, currency = (None, None) if disputed is None else (disputed.minor, disputed.currency)
    return {**thing, "disputed_amount": amount, "disputed_currency": currency}


def require_in_order(at: datetime, *, earliest: datetime | None, now: datetime, field: str) -> None:
    """Refuse a moment in the future, or one before what was done last."""
    if at > now:
        detail = f"It is {now:%Y-%m-%d %H:%M} UTC; say what has happened already."
        raise Invalid("in_the_future", detail, field=field)
    if earliest is not None and at < earliest:
        detail = f"The last that was done was at {earliest.isoformat()}; say a moment from then on."
        raise Invalid("out_of_order", detail, field=field)


def require_reopenable(number: str, closed_at: datetime, at: datetime) -> None:
    """Refuse to reopen what has been closed for long."""
    if at > closed_at + timedelta(days=REOPENED_DAYS):
        remedy = f"one is reopened within {REOPENED_DAYS} days. Open another, about the same."
        detail = f"Case {number} was closed on {closed_at:%Y-%m-%d}; {remedy}"
        raise Conflict("closed_too_long", detail)


def require_other_eyes(number: str, *, asked_by: str, caused_by: str | None, by: str) -> None:
    """Refuse approval by whoever asked for it or caused what is to be made good."""
    if by in (asked_by, caused_by):
        detail = f"Case {number} is approved by somebody who neither asked for it nor caused it."
        raise Forbidden("own_approval", detail)


def passages_of(entries: Sequence[Entry]) -> list[Passage]:
    """What clocks make of all that was done with a case, in its order. Only waiting for the client stops
    them."""
    return list(_passages(entries))


def _passages(entries: Sequence[Entry]) -> Iterator[Passage]:
    stands = CaseStatus.RECEIVED
    for entry in entries:
        is_waiting = entry.status == CaseStatus.WAITING_FOR_CLIENT
        stands = stands if is_waiting else entry.status
        is_answered, is_solved = stands != CaseStatus.RECEIVED, stands in _SOLVED
        yield Passage(
            at=entry.moved_at,
            is_running=not is_waiting and stands not in ENDED,
            begins=_begun(entry.action, is_solved=is_solved),
            ends=_ended(is_answered=is_answered, is_solved=is_solved),
        )


def _begun(action: CaseAction | None, *, is_solved: bool) -> frozenset[Clock]:
    if action is None:
        return frozenset(Clock)
    if action == CaseAction.REOPEN:
        return frozenset({Clock.UPDATE, Clock.SOLUTION})
    return frozenset({Clock.UPDATE}) if action in _TO_CLIENT and not is_solved else frozenset()


def _ended(*, is_answered: bool, is_solved: bool) -> frozenset[Clock]:
    return frozenset(
        ([Clock.FIRST_RESPONSE] if is_answered else [])
        + ([Clock.UPDATE, Clock.SOLUTION] if is_solved else [])
    )


def name_of(kind: Kind, number: str) -> str:
    """What people call a case: Complaint C-000017."""
    return f"{kind.capitalize()} {number}"


def alike_from_to(received_at: datetime) -> tuple[datetime, datetime]:
    """When cases about nothing are received that may be the same as one received then."""
    return received_at - timedelta(days=ALIKE_DAYS), received_at + timedelta(days=ALIKE_DAYS)


def require_none_similar(found: Sequence[Named]) -> None:
    """Refuse another case where there are open ones that may be the same."""
    if found:
        raise Conflict(
            "similar_case",
            f"{', '.join(one.number for one in found)} may be the same: add a note there, or say "
            "is_not_similar if it is not.",
            field="is_not_similar",
            cases=[{"case_id": one.case_id, "number": one.number} for one in found],
        )


def require_original(case: Named, other: Named) -> None:
    """Refuse as the original the case itself, another account's, or one that is a duplicate too."""
    if other.account_id != case.account_id or other.case_id == case.case_id:
        detail = f"{other.number} is no other case of this account; name the one that goes on."
        raise Conflict("no_original", detail, field="duplicate_of_id")
    if other.status == CaseStatus.DUPLICATE:
        detail = f"{other.number} is a duplicate itself; name the one that goes on."
        raise Conflict("no_original", detail, field="duplicate_of_id")


def require_disputed(number: str, disputed: Money | None) -> None:
    """Refuse the decision about an amount where none is contested."""
    if disputed is None:
        raise Conflict("nothing_disputed", f"Case {number} contests no amount; propose a solution.")


def say_resolved(outcome: DisputeOutcome, granted: Money | None, reason: str) -> str:
    """What was decided about a contested amount, in words."""
    amount = "" if granted is None else f", {granted}"
    return f"The complaint is {outcome.replace('_', ' ')}{amount}: {reason}"
