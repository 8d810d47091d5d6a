"""Which promises are at risk, why, and what ends that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.refusals import Conflict

SHIPMENT_LATE = "shipment_late"
ROLES = ("shipping", "decision_maker")
LEAD_DAYS = 1
LEAD_DAYS_MAX = 60
ACTIVE = "active"


class LateState(StrEnum):
    """Where a late shipment stands."""

    DUE = "due"
    TOLD = "told"
    MOVED = "moved"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class Turn(StrEnum):
    """What happens to it."""

    TELL = "told"
    MOVE = "moved"
    SHIP = "shipped"
    CANCEL = "cancelled"


MOVES: Mapping[LateState, Mapping[Turn, LateState]] = {
    LateState.DUE: {
        Turn.TELL: LateState.TOLD,
        Turn.MOVE: LateState.MOVED,
        Turn.SHIP: LateState.SHIPPED,
        Turn.CANCEL: LateState.CANCELLED,
    },
    LateState.TOLD: {
        Turn.MOVE: LateState.MOVED,
        Turn.SHIP: LateState.SHIPPED,
        Turn.CANCEL: LateState.CANCELLED,
    },
    LateState.MOVED: {},
    LateState.SHIPPED: {},
    LateState.CANCELLED: {},
}
STANDING = (LateState.DUE, LateState.TOLD)


def move(state: str, turn: Turn) -> LateState:
    """The state that this leads to, or refuse it (`late_shipment_told`, …)."""
    found = MOVES[LateState(state)].get(turn)
    if found is None:
        raise Conflict(
            f"late_shipment_{state}",
            f"This late shipment is {state}; only one that is due can be {turn}.",
            state=state,
        )
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """An order line as it is, with what may hold it up: `picked`, `assigned` and `drafted` are what of it
    is in shipments that stand so, `in_stock` what there is for it; none where no stock is kept."""

    order_number: str
    sku: str
    description: str
    open: Decimal
    shipped: Decimal
    promised_on: date | None
    drafted: Decimal = Decimal(0)
    assigned: Decimal = Decimal(0)
    picked: Decimal = Decimal(0)
    account_number: str = ""
    account_status: str = ACTIVE
    hold_reason: str | None = None
    is_stopped: bool = False
    in_stock: Decimal | None = None

    @property
    def missing(self) -> Decimal:
        """What is open and not picked."""
        return max(self.open - self.picked, Decimal(0))

    @property
    def is_lacking(self) -> bool:
        """Whether there are not enough goods for it, with those that are picked."""
        return self.in_stock is not None and self.in_stock < self.open


def why_late(line: Line) -> str:
    """What holds a line up, the first thing to mend first."""
    planned = line.drafted + line.assigned
    reasons = (
        (
            line.hold_reason is not None,
            f"account {line.account_number} is on credit hold ({line.hold_reason})",
        ),
        (
            line.account_status != ACTIVE,
            f"account {line.account_number} is {line.account_status}",
        ),
        (line.is_stopped, f"the credit limit has no room for order {line.order_number}"),
        (line.is_lacking, f"of the product {_how_few(line.in_stock)} for it"),
        (line.assigned >= line.missing, "its goods are reserved and not picked"),
        (planned >= line.missing, "it is in a shipment whose goods are not reserved"),
        (planned > 0, "only a part of it is in a shipment"),
    )
    return next((words for is_so, words in reasons if is_so), "it is in no shipment")


def _how_few(in_stock: Decimal | None) -> str:
    if not in_stock:
        return "there is none"
    return f"only {plain(in_stock)} {'is' if in_stock == 1 else 'are'} there"


_VERBS = {
    # whether the day is gone, whether it is one: the verb
    (False, False): "are",
    (False, True): "is",
    (True, False): "were",
    (True, True): "was",
}


def say_late(line: Line, *, reason: str, today: date) -> str:
    """Why the client is to be contacted, in a sentence."""
    many = f"{plain(line.missing)} of {line.sku} {line.description}"
    was = line.promised_on is not None and line.promised_on < today
    verb = _VERBS[was, line.missing == 1]
    return (
        f"{many} of order {line.order_number} {verb} promised for {line.promised_on} and not picked: "
        f"{reason}."
    )


def plain(quantity: Decimal | None) -> str:
    """A quantity as people write it."""
    return f"{(quantity or Decimal(0)).normalize():f}"


def turn_of(line: Line, *, promised_on: date) -> Turn | None:
    """What ended the lateness of a line that was promised for this day; none where it lasts."""
    if not line.open:
        return Turn.SHIP if line.shipped else Turn.CANCEL
    return Turn.MOVE if line.promised_on != promised_on else None
