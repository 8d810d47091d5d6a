"""Quantities, statuses, prices and totals of orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kernel.money import AMOUNT_MAX, round_half_up
from kernel.refusals import Conflict, Invalid

LINES_MAX = 500


class OrderStatus(StrEnum):
    """Where an order stands; computed from its quantities, see `status_of`."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    DONE = "done"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can be done to an order."""

    CHANGE = "changed"
    CONFIRM = "confirmed"
    SHIP = "shipped"
    CANCEL = "cancelled"


# Where an action leads from a status; None is processing or done, as the quantities say.
MOVES: Mapping[OrderStatus, Mapping[Action, OrderStatus | None]] = {
    OrderStatus.DRAFT: {
        Action.CHANGE: OrderStatus.DRAFT,
        Action.CONFIRM: OrderStatus.CONFIRMED,
        Action.CANCEL: OrderStatus.CANCELLED,
    },
    OrderStatus.CONFIRMED: {Action.SHIP: None, Action.CANCEL: OrderStatus.CANCELLED},
    OrderStatus.PROCESSING: {Action.SHIP: None, Action.CANCEL: OrderStatus.DONE},
    OrderStatus.DONE: {},
    OrderStatus.CANCELLED: {},
}
INSTEAD = {
    Action.CHANGE: "Cancel it and place a new order.",
    Action.CONFIRM: "Place a new order.",
    Action.SHIP: "Confirm a draft first; place a new order for more.",
    Action.CANCEL: "What was shipped is undone by a return.",
}


def require_move(action: Action, *, status: str, number: str) -> None:
    """Refuse (`order_draft`, `order_done`, ...) what cannot be done to an order of this status."""
    if action not in MOVES[OrderStatus(status)]:
        allowed = [before for before, moves in MOVES.items() if action in moves]
        raise Conflict(
            f"order_{status}",
            f"Order {number} is {status}; only one that is {' or '.join(allowed)} can be {action}. "
            f"{INSTEAD[action]}",
            state=status,
        )


@dataclass(frozen=True, slots=True)
class Quantities:
    """How much of a line was ordered, shipped and cancelled; the rest is open. Only grows."""

    ordered: Decimal
    shipped: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)

    @property
    def open(self) -> Decimal:
        return self.ordered - self.shipped - self.cancelled

    def ship(self, quantity: Decimal) -> Quantities:
        """With `quantity` more shipped, which must be open."""
        assert 0 < quantity <= self.open, "no more is shipped than is open"
        return replace(self, shipped=self.shipped + quantity)

    def cancel_open(self) -> Quantities:
        """With all that is open cancelled."""
        return replace(self, cancelled=self.cancelled + self.open)


def status_of(lines: Collection[Quantities], *, is_confirmed: bool) -> OrderStatus:
    """The status that follows from the quantities. An order that was shipped in part and cancelled in
    part is done."""
    is_open = any(line.open for line in lines)
    is_begun = any(line.shipped for line in lines)
    if not is_confirmed:
        return OrderStatus.DRAFT if is_open else OrderStatus.CANCELLED
    if is_open:
        return OrderStatus.PROCESSING if is_begun else OrderStatus.CONFIRMED
    return OrderStatus.DONE if is_begun else OrderStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity of one thing at a net unit price (minor units, after discount) and a tax rate."""

    quantity: Decimal
    unit_price: int
    tax_percent: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Minor units; gross = net + tax."""

    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax


def net_unit_price(unit_price: int, discount_percent: Decimal) -> int:
    """The unit price after discount, rounded half up to whole minor units."""
    return round_half_up(unit_price * (100 - discount_percent) / 100)[0]


def line_net(quantity: Decimal, unit_price: int) -> int:
    """The net amount of a line: quantity times net unit price, rounded half up."""
    exact = quantity * unit_price
    if exact > AMOUNT_MAX:
        raise Invalid("order_too_large", f"An order's total is at most {AMOUNT_MAX} minor units.")
    return round_half_up(exact)[0]


def totals(parts: Iterable[Part]) -> Totals:
    """Net is the sum of the lines' net amounts. Tax is computed once per tax rate on the sum of that
    rate's net amounts and rounded half up, as EN 16931 (BR-CO-17) has it for invoices."""
    net_by_rate: dict[Decimal, int] = defaultdict(int)
    for part in parts:
        net_by_rate[part.tax_percent] += line_net(part.quantity, part.unit_price)
    tax = sum(round_half_up(net * rate / 100)[0] for rate, net in net_by_rate.items())
    total = Totals(net=sum(net_by_rate.values()), tax=tax)
    if total.gross > AMOUNT_MAX:
        raise Invalid("order_too_large", f"An order's total is at most {AMOUNT_MAX} minor units.")
    return total


def require_line_count(count: int, *, number: str) -> None:
    """Refuse an order without lines, or with more than one order can have."""
    if count == 0:
        raise Conflict(
            "last_line", f"Order {number} needs a line; add another first, or cancel the order."
        )
    if count > LINES_MAX:
        raise Conflict("too_many_lines", f"An order has at most {LINES_MAX} lines; place a second.")
