"""Quantities, statuses, prices and totals of orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.money import AMOUNT_MAX, round_half_up
from kernel.refusals import Conflict, Invalid
from services.sales.order_lines.rules import shown

LINES_MAX = 1000
TWINS_MAX = 10  # that an order's warnings name


class OrderStatus(StrEnum):
    """Where an order stands; computed from its quantities, see `status_of`."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    DONE = "done"
    CANCELLED = "cancelled"


class BillsOn(StrEnum):
    """When an order is billed: as a whole when it is agreed, or with each of its shipments."""

    ORDER = "order"
    SHIPMENT = "shipment"


class ShipsOn(StrEnum):
    """When an order's goods may leave: as it is agreed, or as they are paid for."""

    ORDER = "order"
    PAYMENT = "payment"


class Action(StrEnum):
    """What can be done to an order."""

    CHANGE = "changed"
    OVERRIDE = "let past the credit check"
    CONFIRM = "confirmed"
    SHIP = "shipped"
    TAKE_BACK = "taken back"
    AMEND = "amended"
    CANCEL = "cancelled"


# Where an action leads from a status; None is processing or done, as the quantities say.
MOVES: Mapping[OrderStatus, Mapping[Action, OrderStatus | None]] = {
    OrderStatus.DRAFT: {
        Action.CHANGE: OrderStatus.DRAFT,
        Action.OVERRIDE: OrderStatus.DRAFT,
        Action.CONFIRM: OrderStatus.CONFIRMED,
        Action.CANCEL: OrderStatus.CANCELLED,
    },
    OrderStatus.CONFIRMED: {
        Action.AMEND: None,
        Action.SHIP: None,
        Action.TAKE_BACK: None,
        Action.CANCEL: OrderStatus.CANCELLED,
    },
    OrderStatus.PROCESSING: {
        Action.AMEND: None,
        Action.SHIP: None,
        Action.TAKE_BACK: None,
        Action.CANCEL: OrderStatus.DONE,
    },
    OrderStatus.DONE: {},
    OrderStatus.CANCELLED: {},
}
INSTEAD = {
    Action.CHANGE: "Amend a confirmed one; in place of another place a new order.",
    Action.AMEND: "A draft is simply changed; for more place a new order.",
    Action.OVERRIDE: "What is agreed has passed it.",
    Action.CONFIRM: "Place a new order.",
    Action.SHIP: "Confirm a draft first; place a new order for more.",
    Action.TAKE_BACK: "Confirm a draft first; what else comes back is a return by itself.",
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
    """How much of a line was ordered, shipped and cancelled; the rest is open. Where more was shipped
    than was ordered, within what is tolerated, nothing is. Of a return line, goods that come back, what
    is ordered, cancelled and open is below 0, nothing is shipped, and what came back is `returned`,
    above 0."""

    ordered: Decimal
    shipped: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)

    @property
    def is_return(self) -> bool:
        return self.ordered < 0

    @property
    def open(self) -> Decimal:
        rest = self.ordered - self.shipped - self.cancelled + self.returned
        return rest if self.is_return else max(rest, Decimal(0))

    @property
    def to_ship(self) -> Decimal:
        """What is open of goods that go out."""
        return max(self.open, Decimal(0))

    @property
    def is_begun(self) -> bool:
        return bool(self.shipped or self.returned)

    def room(self, over: Decimal = Decimal(1)) -> Decimal:
        """How much may be shipped yet, where up to `over` times what is agreed may be; nothing of what is
        complete."""
        return (self.ordered - self.cancelled) * over - self.shipped if self.to_ship else Decimal(0)

    def ship(self, quantity: Decimal, *, over: Decimal = Decimal(1)) -> Quantities:
        """With `quantity` more shipped, for which there must be room."""
        assert 0 < quantity <= self.room(over), "no more is shipped than may be"
        return replace(self, shipped=self.shipped + quantity)

    def is_enough(self, under: Decimal) -> bool:
        """Whether what is shipped completes the line, where `under` times what is agreed does."""
        return self.shipped > 0 and self.shipped >= (self.ordered - self.cancelled) * under

    def take_back(self, quantity: Decimal) -> Quantities:
        """With `quantity` more come back, which must be open of a return line."""
        assert 0 < quantity <= -self.open, "no more comes back than is open"
        return replace(self, returned=self.returned + quantity)

    def cancel(self, quantity: Decimal) -> Quantities:
        """With so much more cancelled of what is open of goods that go out."""
        assert 0 <= quantity <= self.to_ship, "only what is open is cancelled"
        return replace(self, cancelled=self.cancelled + quantity)

    def cancel_open(self) -> Quantities:
        """With all that is open cancelled."""
        return replace(self, cancelled=self.cancelled + self.open)


def status_of(lines: Collection[Quantities], *, is_confirmed: bool) -> OrderStatus:
    """The status that follows from the quantities. An order that was shipped in part and cancelled in
    part is done."""
    is_open = any(line.open for line in lines)
    is_begun = any(line.is_begun for line in lines)
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


def line_net(quantity: Decimal, unit_price: int) -> int:
    """The net amount of a line: quantity times net unit price, rounded half up, below 0 as above."""
    exact = quantity * unit_price
    if abs(exact) > AMOUNT_MAX:
        raise _too_large()
    return round_half_up(exact)[0]


def totals(parts: Iterable[Part]) -> Totals:
    """Net is the sum of the lines' net amounts. Tax is computed once per tax rate on the sum of that
    rate's net amounts and rounded half up, as EN 16931 (BR-CO-17) has it for invoices."""
    net_by_rate: dict[Decimal, int] = defaultdict(int)
    for part in parts:
        net_by_rate[part.tax_percent] += line_net(part.quantity, part.unit_price)
    tax = sum(round_half_up(net * rate / 100)[0] for rate, net in net_by_rate.items())
    total = Totals(net=sum(net_by_rate.values()), tax=tax)
    if abs(total.gross) > AMOUNT_MAX:
        raise _too_large()
    return total


def _too_large() -> Invalid:
    return Invalid(
        "order_too_large",
        f"An order's total is at most {AMOUNT_MAX} minor units; order less, or by several orders.",
    )


def require_line_count(count: int, *, number: str) -> None:
    """Refuse an order without lines, or with more than one order can have."""
    if count == 0:
        raise Conflict(
            "last_line", f"Order {number} needs a line; add another first, or cancel the order."
        )
    if count > LINES_MAX:
        raise Conflict("too_many_lines", f"An order has at most {LINES_MAX} lines; place a second.")


def require_settlement(*, bills_on: str, ships_on: str, deposit_percent: Decimal | None) -> None:
    """Refuse an order that could never be shipped, as each waits for the other, and one of which
    something would be billed ahead twice."""
    if ships_on == ShipsOn.PAYMENT and bills_on == BillsOn.SHIPMENT:
        raise Invalid(
            "never_billed",
            "Shipped on payment and billed on shipment: each waits for the other. Set bills_on to order, "
            "or ships_on to order with a deposit_percent.",
            field="bills_on",
        )
    if deposit_percent is not None and not deposit_percent:
        raise Invalid(
            "deposit_nothing",
            "A deposit is above 0 % and at most 100 %; for none set deposit_percent to null.",
            field="deposit_percent",
        )
    if deposit_percent is not None and bills_on == BillsOn.ORDER:
        raise Invalid(
            "deposit_and_order_billed",
            "Billed on order, all of it is billed ahead already: leave deposit_percent out, or set "
            "bills_on to shipment.",
            field="deposit_percent",
        )


def require_order_number(reference: str | None, *, is_required: bool, account_number: str) -> None:
    """Refuse (`purchase_order_missing`) what the client wants by a number of its own."""
    if is_required and not reference:
        raise Conflict(
            "purchase_order_missing",
            f"Account {account_number} demands its own order number on what it is billed; enter it as "
            "the order's reference, then confirm.",
            field="reference",
        )


def say_twin(order_id: str, number: str, sku: str, quantity: Decimal) -> dict[str, Any]:
    """The warning that another draft of the account has as many of a product."""
    what = f"{number} is a draft with {shown(quantity)} of {sku}, too"
    detail = f"{what}; if it is the same, cancel one of them."
    return {"code": "same_in_draft", "detail": detail, "order_id": order_id, "number": number}
