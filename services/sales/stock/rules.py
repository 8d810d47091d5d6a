"""What moves are, how they go on, and which are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from kernel.refusals import Conflict, Invalid


class MoveKind(StrEnum):
    """Why goods move."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    RETURN = "return"
    SCRAP = "scrap"
    TRANSFER = "transfer"
    COUNT = "count"


class MoveStatus(StrEnum):
    """Where a move stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can be done to a move."""

    FINISH = "finished"
    CANCEL = "cancelled"


MOVES: Mapping[MoveStatus, Mapping[Action, MoveStatus]] = {
    MoveStatus.PLANNED: {Action.FINISH: MoveStatus.DONE, Action.CANCEL: MoveStatus.CANCELLED},
    MoveStatus.DONE: {},
    MoveStatus.CANCELLED: {},
}
INSTEAD = {
    MoveStatus.DONE: "What is done is undone by a move the other way.",
    MoveStatus.CANCELLED: "Plan another.",
}


class NewMove(NamedTuple):
    """So much of a product comes in (above 0) or goes out (below 0) on a day. `key` is
    "<cause>:<line>": the same key twice is one move. `about` is the id of what caused it. `unit_cost`
    is what one that comes in has cost, in minor units of `currency`."""

    product_id: str
    quantity: Decimal
    kind: MoveKind
    moved_on: date
    key: str
    about: str | None = None
    place_id: str | None = None
    lot: str | None = None
    unit_cost: int | None = None
    currency: str | None = None
    note: str | None = None


class Entry(NamedTuple):
    """A move that is to be done, by its id."""

    move_id: str
    move: NewMove


def next_status(status: str, action: Action, *, move_id: str) -> MoveStatus:
    """Where an action leads; refused (`move_done`, `move_cancelled`) where it leads nowhere."""
    was = MoveStatus(status)
    if action not in MOVES[was]:
        raise Conflict(
            f"move_{was}",
            f"Move {move_id} is {was}; only a planned one can be {action}. {INSTEAD[was]}",
            state=was,
        )
    return MOVES[was][action]


def require_done(status: str, *, key: str) -> None:
    """Refuse (`move_planned`) to record once more, or plan, what is written otherwise under one key."""
    if status == MoveStatus.PLANNED:
        raise Conflict(
            "move_planned", f"The move {key} is planned; finish that, or cancel it first."
        )


def require_come(moved_on: date, *, today: date) -> None:
    """Refuse (`moved_in_future`) what is done on a day that is yet to come."""
    if moved_on > today:
        raise Invalid(
            "moved_in_future",
            f"{moved_on} is yet to come; plan the move, and finish it on its day.",
            field="moved_on",
        )


def require_currency(currency: str | None, *, of_product: str, sku: str) -> None:
    """Refuse (`cost_currency`) a cost in another currency than the product is priced in."""
    if currency is not None and currency != of_product:
        raise Invalid(
            "cost_currency",
            f"Product {sku} is kept in {of_product}; give its cost in that, not in {currency}.",
            field="currency",
        )


def require_at_place(quantity: Decimal, *, there: Decimal, sku: str, place: str) -> None:
    """Refuse (`out_of_stock`) that more leaves a place than is there."""
    if quantity > there:
        raise Conflict(
            "out_of_stock",
            f"No more than {_plain(there)} of {sku} can leave {place}, not {_plain(quantity)}; move what "
            "is there, or transfer more to it.",
            sku=sku,
            place=place,
            on_hand=_plain(there),
        )


def net_by_product(moves: Iterable[NewMove]) -> dict[str, Decimal]:
    """What moves come to, by product."""
    net: dict[str, Decimal] = {}
    for move in moves:
        net[move.product_id] = net.get(move.product_id, Decimal(0)) + move.quantity
    return net


def net_by_place(moves: Iterable[NewMove]) -> dict[tuple[str, str | None], Decimal]:
    """What moves take out of places in all, by product and place: above 0. Out of the one store without a
    place only transfers count: of what else leaves, nobody says from where."""
    net: dict[tuple[str, str | None], Decimal] = {}
    for move in moves:
        if move.place_id is not None or move.kind == MoveKind.TRANSFER:
            key = (move.product_id, move.place_id)
            net[key] = net.get(key, Decimal(0)) - move.quantity
    return {key: quantity for key, quantity in net.items() if quantity > 0}


class Month(NamedTuple):
    """Of which product, month and place something is; '' without a place."""

    product_id: str
    month: date
    place_id: str


def by_month(
    entries: Iterable[Entry], values: Mapping[str, int]
) -> dict[Month, tuple[Decimal, int]]:
    """What moves come to, and are worth, in each month at each place."""
    found: dict[Month, tuple[Decimal, int]] = {}
    for move_id, move in entries:
        key = Month(move.product_id, move.moved_on.replace(day=1), move.place_id or "")
        quantity, value = found.get(key, (Decimal(0), 0))
        found[key] = (quantity + move.quantity, value + values[move_id])
    return found


def days_alone(as_of: date) -> date:
    """From which day on the moves up to a day are not a whole month."""
    return (as_of + timedelta(days=1)).replace(day=1)


def counted(moves: Iterable[NewMove]) -> frozenset[str]:
    """The products that a count moves."""
    return frozenset(move.product_id for move in moves if move.kind == MoveKind.COUNT)


def once(moves: Iterable[NewMove]) -> list[NewMove]:
    """The first of each key."""
    first: dict[str, NewMove] = {}
    for move in moves:
        first.setdefault(move.key, move)
    return list(first.values())


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
