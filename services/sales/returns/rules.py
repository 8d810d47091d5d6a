"""States, quantities and days of returns, and what each of them waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from kernel.refusals import Conflict, Invalid

LINES_MAX = 500

RETURN_NOT_CREDITED = "return_not_credited"
RETURN_IMPOSSIBLE = "return_impossible"
ROLES = ["decision_maker", "payer"]


class ReturnStatus(StrEnum):
    """Where a return stands; once it is under way, as its quantities say."""

    REQUESTED = "requested"
    AUTHORISED = "authorised"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    INSPECTED = "inspected"
    CREDITED = "credited"
    REPLACED = "replaced"
    REFUSED = "refused"
    DECLINED = "declined"
    EXPIRED = "expired"


class Resolution(StrEnum):
    """What the client is to get for what comes back."""

    CREDIT = "credit"
    REPLACEMENT = "replacement"


class Action(StrEnum):
    """What is done with a return."""

    AUTHORISE = "authorised"
    DECLINE = "declined"
    EXPIRE = "expired"
    SHIP = "sent"
    RECEIVE = "received"
    INSPECT = "inspected"
    UNDO = "inspected anew"
    CREDIT = "credited"
    REPLACE = "replaced"
    SETTLE = "settled"
    UNSETTLE = "credited anew"
    CLOSE = "closed"
    REFUSE = "refused"


# Where an action leads from a status; None is where the quantities say.
_UNDER_WAY: Mapping[Action, ReturnStatus | None] = {
    Action.RECEIVE: None,
    Action.UNDO: None,
    Action.CREDIT: None,
    Action.REPLACE: None,
    Action.SETTLE: None,
    Action.UNSETTLE: None,
    Action.CLOSE: None,
    Action.REFUSE: None,
}
MOVES: Mapping[ReturnStatus, Mapping[Action, ReturnStatus | None]] = {
    ReturnStatus.REQUESTED: {
        Action.AUTHORISE: ReturnStatus.AUTHORISED,
        Action.DECLINE: ReturnStatus.DECLINED,
        Action.EXPIRE: ReturnStatus.EXPIRED,
    },
    ReturnStatus.AUTHORISED: {
        Action.SHIP: ReturnStatus.IN_TRANSIT,
        Action.RECEIVE: None,
        Action.REPLACE: None,
        Action.DECLINE: ReturnStatus.DECLINED,
        Action.EXPIRE: ReturnStatus.EXPIRED,
    },
    ReturnStatus.IN_TRANSIT: {Action.RECEIVE: None, Action.CLOSE: None, Action.REFUSE: None},
    ReturnStatus.RECEIVED: {**_UNDER_WAY, Action.INSPECT: None},
    ReturnStatus.INSPECTED: {**_UNDER_WAY},
    ReturnStatus.CREDITED: {Action.SETTLE: None, Action.UNSETTLE: None},
    ReturnStatus.REPLACED: {},
    ReturnStatus.REFUSED: {Action.UNDO: None},
    ReturnStatus.DECLINED: {},
    ReturnStatus.EXPIRED: {},
}
INSTEAD: Mapping[Action, str] = {
    Action.AUTHORISE: "Ask for another return.",
    Action.DECLINE: "What is on its way or here is received and inspected, or closed.",
    Action.EXPIRE: "Nothing expires that is under way.",
    Action.SHIP: "Authorise a request first; what has come is received.",
    Action.RECEIVE: "Authorise a request first; for more ask for another return.",
    Action.INSPECT: "Receive it first; a wrong inspection is undone before it is inspected again.",
    Action.UNDO: "Goods that were credited or replaced stay as inspected: void the credit note in "
    "billing, and put the stock right by a count.",
    Action.CREDIT: "Inspect what was received first.",
    Action.REPLACE: "Inspect what was received first.",
    Action.SETTLE: "It is over.",
    Action.UNSETTLE: "Nothing of it is credited.",
    Action.CLOSE: "Decline what is not on its way yet.",
    Action.REFUSE: "Decline what is not on its way yet; undo an inspection first.",
}
OPEN = frozenset(
    status for status, moves in MOVES.items() if moves and status != ReturnStatus.CREDITED
) - {ReturnStatus.REFUSED}


class WaitsFor(StrEnum):
    """What a return waits for."""

    AUTHORISATION = "authorisation"
    GOODS = "goods"
    INSPECTION = "inspection"
    ANSWER = "answer"
    BILLING = "billing"
    CREDIT_BY_HAND = "credit_by_hand"
    REPLACEMENT = "replacement"


_BEFORE: Mapping[ReturnStatus, WaitsFor] = {
    ReturnStatus.REQUESTED: WaitsFor.AUTHORISATION,
    ReturnStatus.AUTHORISED: WaitsFor.GOODS,
    ReturnStatus.IN_TRANSIT: WaitsFor.GOODS,
    ReturnStatus.RECEIVED: WaitsFor.INSPECTION,
}


def require_move(action: Action, *, status: str, number: str) -> None:
    """Refuse (`return_requested`, `return_credited`, ...) what cannot be done with a return that stands
    so."""
    if action not in MOVES[ReturnStatus(status)]:
        possible = " or ".join(str(before) for before, moves in MOVES.items() if action in moves)
        raise Conflict(
            f"return_{status}",
            f"Return {number} is {status}; only one that is {possible} can be {action}. "
            f"{INSTEAD[action]}",
            state=status,
        )


@dataclass(frozen=True, slots=True)
class Quantities:
    """How much of an order line was asked to come back, and what became of it. `dropped` is not waited
    for any more. What was accepted is answered by a credit that billing is asked for, or by a
    replacement; `settled` is what it got."""

    asked: Decimal
    dropped: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    restocked: Decimal = Decimal(0)
    scrapped: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    answered: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    replaced: Decimal = Decimal(0)

    @property
    def outstanding(self) -> Decimal:
        return self.asked - self.dropped - self.received

    @property
    def accepted(self) -> Decimal:
        return self.restocked + self.scrapped

    @property
    def to_inspect(self) -> Decimal:
        return self.received - self.accepted - self.rejected

    @property
    def to_answer(self) -> Decimal:
        return self.accepted - self.answered

    @property
    def to_settle(self) -> Decimal:
        return self.answered - self.credited - self.replaced

    def add(self, **amounts: Decimal) -> Quantities:
        """With so much more of each; below nothing takes off."""
        added = replace(
            self, **{name: getattr(self, name) + many for name, many in amounts.items()}
        )
        added.check()
        return added

    def drop_rest(self) -> Quantities:
        """With nothing waited for any more."""
        return self.add(dropped=self.outstanding)

    def check(self) -> None:
        """What must be true of them."""
        parts = (self.outstanding, self.to_inspect, self.to_answer, self.to_settle)
        assert min(*parts, self.restocked, self.scrapped, self.rejected) >= 0, "they add up"


class NewLine(NamedTuple):
    """What of an order line is to come back: how much, for which line below nothing (that it is itself,
    where nothing had sold the goods), and what one is made good for, where that is less than its
    price."""

    line_id: str
    quantity: Decimal
    for_line_id: str | None = None
    is_unsold: bool = False
    unit_price: int | None = None


def status_of(lines: Collection[Quantities], *, before: ReturnStatus) -> ReturnStatus:
    """The status of a return under way that follows from its quantities; one of which nothing is received
    and all is waited for stays as it was."""
    if any(line.to_inspect for line in lines):
        return ReturnStatus.RECEIVED
    if any(line.outstanding for line in lines):
        is_begun = any(line.received for line in lines)
        return ReturnStatus.INSPECTED if is_begun else before
    if any(line.to_answer or line.to_settle for line in lines):
        return ReturnStatus.INSPECTED
    if any(line.credited for line in lines):
        return ReturnStatus.CREDITED
    if lines and not any(line.replaced for line in lines):
        return ReturnStatus.REFUSED
    return ReturnStatus.REPLACED


def waits_for(
    status: ReturnStatus, lines: Collection[Quantities], *, problem: str | None
) -> WaitsFor | None:
    """What a return waits for; nothing once it is over."""
    if not lines and status == ReturnStatus.AUTHORISED:
        return WaitsFor.REPLACEMENT
    if status in _BEFORE:
        return _BEFORE[status]
    if status != ReturnStatus.INSPECTED:
        return None
    if any(line.to_answer for line in lines):
        return WaitsFor.ANSWER
    if any(line.to_settle for line in lines):
        return WaitsFor.BILLING if problem is None else WaitsFor.CREDIT_BY_HAND
    return WaitsFor.GOODS


def is_partly_returned(lines: Collection[Quantities]) -> bool:
    """Whether some of what was asked is here, and more is waited for."""
    return any(line.received for line in lines) and any(line.outstanding for line in lines)


def choose_lines(
    asked: Sequence[Mapping[str, Any]], *, returnable: Mapping[str, Decimal], number: str
) -> dict[str, Decimal]:
    """How much of which order line is to come back. Refused: a line that is none of the order's goods or
    is named twice (`line_not_returnable`), and more than was shipped and not returned
    (`more_than_shipped`)."""
    chosen: dict[str, Decimal] = {}
    for index, one in enumerate(asked):
        line_id, quantity = one["line_id"], one["quantity"]
        if line_id not in returnable or line_id in chosen:
            twice = "is named twice" if line_id in chosen else f"is no line of goods of {number}"
            detail = f"{line_id} {twice}; name lines of the order, each once."
            raise Invalid("line_not_returnable", detail, field=f"lines/{index}/line_id")
        require_returnable(quantity, left=returnable[line_id], field=f"lines/{index}/quantity")
        chosen[line_id] = quantity
    return chosen


def require_returnable(quantity: Decimal, *, left: Decimal, field: str = "quantity") -> None:
    """Refuse (`more_than_shipped`) more than was shipped and is not returned."""
    if quantity > left:
        most = shown(max(left, Decimal(0)))
        raise Conflict(
            "more_than_shipped",
            f"Of that line {most} was shipped and is not returned yet, not {shown(quantity)}; ask for at "
            "most that."
            if left > 0
            else "Nothing of that line was shipped and is not returned yet; leave it out.",
            field=field,
            left=most,
        )


def choose_expiry(given: date | None, *, today: date, days: int) -> date:
    """The last day on which it is waited for: the one given, else so many days from today."""
    if given is not None and given < today:
        raise Invalid(
            "expires_in_past",
            f"{given} is over; give {today} or a later day.",
            field="expires_on",
        )
    return given or today + timedelta(days=days)


def require_not_to_come(day: date | None, *, today: date, field: str) -> date:
    """The day something happened: the one given, else today; refused (`day_to_come`) if it is yet to
    come."""
    if day is not None and day > today:
        raise Invalid("day_to_come", f"{day} is yet to come; enter it then.", field=field)
    return day or today


class Passed(NamedTuple):
    """How many of an order line went out (above 0) or came back (below 0) on a day."""

    day: date
    quantity: Decimal


def first_day_back(passed: Iterable[Passed], quantity: Decimal) -> date | None:
    """The first day on which so many of a line can have come back: from it on no fewer are with the
    client. None where they never were."""
    by_day: dict[date, Decimal] = {}
    for day, many in passed:
        by_day[day] = by_day.get(day, Decimal(0)) + many
    there, first = sum(by_day.values(), Decimal(0)), None
    for day in sorted(by_day, reverse=True):
        if there < quantity:
            break
        first, there = day, there - by_day[day]
    return first


def require_gone(
    day: date,
    came: Mapping[str, Decimal],
    passed: Mapping[str, Iterable[Passed]],
    *,
    sent_on: date | None = None,
    field: str,
) -> None:
    """Refuse (`back_before_shipped`) a day on which so many of these lines cannot have come back, as they
    had not left, or (`received_before_sent`) the client had not sent them."""
    firsts = [first_day_back(passed.get(key, ()), many) for key, many in came.items()]
    first = max((one for one in firsts if one is not None), default=day)
    if day < first:
        raise Invalid(
            "back_before_shipped",
            f"Not all of these goods had left before {first}; they came back on that day or later, not "
            f"on {day}.",
            field=field,
        )
    if sent_on is not None and day < sent_on:
        raise Invalid(
            "received_before_sent",
            f"The client sent these goods on {sent_on}; they came on that day or later, not on {day}.",
            field=field,
        )


def say_not_credited(*, number: str, order_number: str, problem: str) -> str:
    """Why a return is to be credited by a person, in words."""
    return f"Return {number} of order {order_number} is not credited: {problem}"


def shown(quantity: Decimal) -> str:
    """A quantity as people write it."""
    return f"{quantity.normalize():f}"
