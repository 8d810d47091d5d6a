"""How a shipment goes, what can be sent of an order, and on which day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from kernel.refusals import Conflict, Invalid, NotFound, Refusal
from services.sales.orders.rules import Quantities
from services.sales.tolerances.rules import EXACT, Tolerance


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    PICKED = "picked"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What is done to a shipment."""

    ASSIGN = "assigned"
    PICK = "picked"
    SHIP = "shipped"
    DELIVER = "delivered"
    CANCEL = "cancelled"


MOVES: Mapping[ShipmentState, Mapping[Step, ShipmentState]] = {
    ShipmentState.DRAFT: {
        Step.ASSIGN: ShipmentState.ASSIGNED,
        Step.CANCEL: ShipmentState.CANCELLED,
    },
    ShipmentState.ASSIGNED: {
        Step.PICK: ShipmentState.PICKED,
        Step.CANCEL: ShipmentState.CANCELLED,
    },
    ShipmentState.PICKED: {
        Step.SHIP: ShipmentState.SHIPPED,
        Step.CANCEL: ShipmentState.CANCELLED,
    },
    ShipmentState.SHIPPED: {Step.DELIVER: ShipmentState.DELIVERED},
    ShipmentState.DELIVERED: {},
    ShipmentState.CANCELLED: {},
}
SEND = (Step.ASSIGN, Step.PICK, Step.SHIP)
PLANNED = (ShipmentState.DRAFT, ShipmentState.ASSIGNED, ShipmentState.PICKED)
"""It has not left, and its goods are for nobody else."""
SECURED = (ShipmentState.ASSIGNED, ShipmentState.PICKED)
GONE = (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
INSTEAD = {
    Step.ASSIGN: "Draft another of what is open.",
    Step.PICK: "Assign a draft first, so that its goods are there.",
    Step.SHIP: "Pick it first.",
    Step.DELIVER: "Ship it first.",
    Step.CANCEL: "What has left comes back by a return.",
}
ENDED = "Nothing of the order is open any more."
REST_FOLLOWS = "Some of it has left; the rest follows."


def move(state: str, step: Step, *, number: str) -> ShipmentState:
    """The state that a step leads to, or refuse it (`shipment_draft`, `shipment_shipped`, …)."""
    found = MOVES[ShipmentState(state)].get(step)
    if found is None:
        allowed = [before for before, moves in MOVES.items() if step in moves]
        raise Conflict(
            f"shipment_{state}",
            f"Shipment {number} is {state}; only one that is {' or '.join(allowed)} can be {step}. "
            f"{INSTEAD[step]}",
            state=state,
        )
    return found


def not_there(shipment_id: str, *, is_named_twice: bool) -> Refusal:
    """Why a shipment cannot be moved that is not among those left to be."""
    if is_named_twice:
        return Conflict(
            "shipment_named_twice",
            f"{shipment_id} is named twice; take its next step in another request.",
            field="shipment_id",
        )
    return NotFound("shipment_not_found", f"There is no shipment {shipment_id}.")


def stamps(steps: Collection[Step], *, now: datetime, by: str) -> dict[str, Any]:
    """Who took these steps with a new shipment, and when."""
    taken = [step for step in (Step.ASSIGN, Step.PICK) if step in steps]
    return {f"{step}_at": now for step in taken} | {f"{step}_by": by for step in taken}


class _Numbered(Protocol):
    @property
    def account_id(self) -> str: ...
    @property
    def order_id(self) -> str: ...
    @property
    def number(self) -> str: ...


class OneShipment(_Numbered, Protocol):
    """A shipment, as far as events name it."""

    @property
    def shipment_id(self) -> str: ...


class OneOrder(_Numbered, Protocol):
    """An order, as far as events name it."""

    @property
    def reference(self) -> str | None: ...


def facts_of(shipment: OneShipment, order: OneOrder) -> dict[str, Any]:
    """What every event about a shipment says."""
    return {
        "account_id": shipment.account_id,
        "shipment_id": shipment.shipment_id,
        "number": shipment.number,
        "order_id": order.order_id,
        "order_number": order.number,
        "client_order_number": order.reference,
    }


@dataclass(frozen=True, slots=True)
class Client:
    """Of an account what decides whether it is supplied."""

    number: str
    status: str
    hold_reason: str | None


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a line can be put into a shipment: what is `open` and in no other, and the `most` with
    what is tolerated. Shipped on payment, what more is open and `unpaid` is neither."""

    open: Decimal
    most: Decimal
    unpaid: Decimal = Decimal(0)


def room_of(
    quantities: Quantities,
    *,
    planned: Decimal = Decimal(0),
    tolerance: Tolerance = EXACT,
    target: Decimal | None = None,
) -> Room:
    """What of a line with these quantities, of which so much is in other shipments that have not left,
    can be put into another; with a `target`, no more than that leaves in all."""
    left = Decimal(0)
    rest = max(quantities.open - planned, left)
    most = max(quantities.room(tolerance.over) - planned, left)
    if target is None:
        return Room(rest, most)
    paid = max(target - quantities.shipped - planned, left)
    return Room(min(rest, paid), min(most, paid), rest - min(rest, paid))


def quantities_to_send(
    rooms: Mapping[str, Room], wanted: Sequence[tuple[str, Decimal]] | None, *, number: str
) -> dict[str, Decimal]:
    """The quantities to send, by line id: those wanted, else all that is open.

    Refused: a line that is not of the order or named twice (`invalid_fields`), more of a line than there
    is room for (`more_than_open`), and nothing at all (`nothing_to_send`)."""
    if wanted is None:
        chosen = {line_id: room.open for line_id, room in rooms.items() if room.open}
        if not chosen:
            for line_id, room in rooms.items():
                require_paid(room, line_id=line_id)
            raise Conflict(
                "nothing_to_send",
                f"Nothing of order {number} is left to be sent that is not in a shipment already; what "
                "is to come back is a return.",
            )
        return chosen
    chosen = {}
    for index, (line_id, quantity) in enumerate(wanted):
        if line_id not in rooms or line_id in chosen:
            problem = (
                "is named twice"
                if line_id in chosen
                else "is not a line of this order that goes out"
            )
            detail = f"{line_id} {problem}."
            raise Invalid.fields([{"field": f"lines/{index}/line_id", "detail": detail}])
        require_room(rooms[line_id], quantity, line_id=line_id, field=f"lines/{index}/quantity")
        chosen[line_id] = quantity
    return chosen


def require_room(room: Room, quantity: Decimal, *, line_id: str, field: str | None = None) -> None:
    """Refuse (`more_than_open`, `not_paid`) more of a line than may be shipped."""
    if quantity > room.most:
        require_paid(room, line_id=line_id, field=field)
        tolerated = "" if room.most <= room.open else f", {plain(room.most)} with what is tolerated"
        raise Conflict(
            "more_than_open",
            f"Of line {line_id} only {plain(room.open)} of the ordered quantity is still open"
            f"{tolerated}, not {plain(quantity)}; send at most that."
            if room.most
            else f"Of line {line_id} nothing is open that is not in a shipment already; leave it out.",
            field=field,
            open=plain(room.open),
        )


def require_paid(room: Room, *, line_id: str, field: str | None = None) -> None:
    """Refuse (`not_paid`) what is open of a line and not paid for, where it is shipped on payment."""
    if room.unpaid:
        paid = plain(room.open) if room.open else "nothing"
        raise Conflict(
            "not_paid",
            f"Of line {line_id} {paid} is paid for and has not left; {plain(room.unpaid)} "
            "more may go once the invoice for it is paid.",
            field=field,
            paid=plain(room.open),
        )


def require_target(
    leaving: Mapping[str, Decimal], shipped: Mapping[str, Decimal], targets: Mapping[str, Decimal]
) -> None:
    """Refuse (`not_paid`) to let leave more of lines than their targets, whatever was planned before."""
    for line_id, quantity in leaving.items():
        target = targets.get(line_id)
        if target is not None and shipped[line_id] + quantity > target:
            paid = max(target - shipped[line_id], Decimal(0))
            require_paid(Room(paid, paid, quantity - paid), line_id=line_id)


def quantities_picked(
    assigned: Mapping[str, Decimal],
    picked: Sequence[tuple[str, Decimal]] | None,
    rooms: Mapping[str, Room],
) -> dict[str, Decimal]:
    """What was picked of a shipment, by line id: as assigned, or what is said; a line that is not named
    stays behind. Refused: a line that is not of the shipment or named twice, and more than there is room
    for (`more_than_open`)."""
    if picked is None:
        return dict(assigned)
    chosen: dict[str, Decimal] = {}
    for index, (line_id, quantity) in enumerate(picked):
        if line_id not in assigned or line_id in chosen:
            problem = "is named twice" if line_id in chosen else "is not a line of this shipment"
            detail = f"{line_id} {problem}."
            raise Invalid.fields([{"field": f"lines/{index}/line_id", "detail": detail}])
        require_room(rooms[line_id], quantity, line_id=line_id, field=f"lines/{index}/quantity")
        chosen[line_id] = quantity
    return chosen


def day_of_shipping(given: date | None, *, ordered_on: date, today: date) -> date:
    """The day the goods left: the one given, else today; refused when it is yet to come, or before the
    day their order counts for."""
    if given is not None and given > today:
        raise Invalid(
            "shipped_in_future",
            f"{given} is yet to come; enter the shipment on the day the goods leave.",
            field="shipped_on",
        )
    if given is not None and given < ordered_on:
        raise Invalid(
            "shipped_before_ordered",
            f"The order counts for {ordered_on}; its goods left on that day or later, not on {given}. An "
            "order that is entered late is given the day the client ordered (ordered_on) as it is "
            "drafted.",
            field="shipped_on",
        )
    return given or today


def day_of_leaving(given: date | None, *, is_sent: bool, ordered_on: date, today: date) -> date:
    """The day a shipment leaves: of one that is sent as in `day_of_shipping`, else the day it is to
    leave, which may be any."""
    if is_sent:
        return day_of_shipping(given, ordered_on=ordered_on, today=today)
    return given or today


def day_of_delivery(given: date | None, *, shipped_on: date, today: date) -> date:
    """The day the goods arrived: the one given, else today; refused when it is yet to come, or before
    they left."""
    day = given or today
    if day > today:
        raise Invalid(
            "delivered_in_future",
            f"{day} is yet to come; enter the delivery on the day the goods arrive.",
            field="delivered_on",
        )
    if day < shipped_on:
        raise Invalid(
            "delivered_before_shipped",
            f"The goods left on {shipped_on}; they arrived on that day or later, not on {day}.",
            field="delivered_on",
        )
    return day


def plain(quantity: Decimal) -> str:
    """A quantity as people write it."""
    return f"{quantity.normalize():f}"


def rests_after(
    open_: Mapping[str, Decimal],
    parts: Sequence[Mapping[str, Decimal]],
    *,
    at_last: Mapping[str, Decimal],
) -> list[dict[str, Decimal]]:
    """What of an order was still to come, by line id, as each of these parts of it left, one after the
    other: what was open before less what went, and with the last what is open now, `at_last`."""
    rests = []
    for part in parts:
        went = {key: part.get(key, Decimal(0)) for key in open_}
        open_ = {key: max(many - went[key], Decimal(0)) for key, many in open_.items()}
        rests.append(open_)
    return [{key: many for key, many in one.items() if many} for one in [*rests[:-1], at_last]]
