"""What each of a batch of returns brings back, and what becomes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from kernel.refusals import Conflict, Invalid, NotFound
from services.sales.return_answers.rules import Accepted, keeps_all
from services.sales.return_parts.rules import NOTHING, Fate
from services.sales.returns.rules import NewLine, Quantities, choose_lines

BATCH_MAX = 500


class Outcome(StrEnum):
    """What becomes of goods that come back."""

    RESTOCKED = "restocked"
    SCRAPPED = "scrapped"


class Line(Protocol):
    """A line of an order, as far as it matters here."""

    @property
    def line_id(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def net_unit_price(self) -> int: ...


def require_one_way(row: Mapping[str, Any]) -> None:
    """Refuse (`order_or_for_order`) what names no order or two, and lines of what an order is to bring
    back, which says itself how much."""
    sold, ordered = row["order_id"], row["for_order_id"]
    if (sold is None) == (ordered is None) or (ordered and row["lines"] is not None):
        raise Invalid(
            "order_or_for_order",
            "Give order_id, by which the goods were sold, and which lines come back; or for_order_id, "
            "whose lines below 0 say what comes back, and no lines.",
            field="order_id" if sold is None and ordered is None else "for_order_id",
        )


class Name(NamedTuple):
    """What another system calls a return of an account."""

    account_id: str
    external_id: str


class KnownLine(Protocol):
    """What of an order line was asked to come back."""

    @property
    def line_id(self) -> str: ...
    @property
    def quantities(self) -> Quantities: ...


class Known(Protocol):
    """A return that was taken before."""

    @property
    def order_id(self) -> str: ...
    @property
    def for_order_id(self) -> str | None: ...
    @property
    def lines(self) -> Sequence[KnownLine]: ...


def require_named_once(name: Name, named: Collection[Name]) -> None:
    """Refuse (`return_named_twice`) two of a batch that another system calls the same."""
    if name in named:
        raise Conflict(
            "return_named_twice",
            f"{name.external_id} stands in this batch before; name each return of an account once.",
            field="external_id",
        )


def require_order(order_id: str, *, is_known: bool) -> None:
    """NotFound where there is no such order."""
    if not is_known:
        raise NotFound("order_not_found", f"There is no order {order_id}.")


def require_single(count: int, *, number: str) -> None:
    """Refuse where an order has opened no return that waits for its goods (`nothing_to_come_back`), or
    several (`several_returns`)."""
    if not count:
        raise Conflict(
            "nothing_to_come_back",
            f"No return that order {number} has opened waits for goods; confirm it first, or look at its "
            "returns.",
            field="for_order_id",
        )
    if count > 1:
        raise Conflict(
            "several_returns",
            f"Order {number} has opened {count} returns, of goods of several orders; receive each by "
            "itself.",
            field="for_order_id",
        )


def choose_back(
    asked: Sequence[Mapping[str, Any]] | None,
    lines: Sequence[Line],
    *,
    left: Mapping[str, Decimal],
    number: str,
) -> list[NewLine]:
    """What comes back of an order: the lines that are named, by id or position, else all that was shipped
    and is not returned. Refused as a request is, and where one is to be made good for more than it was
    sold for (`more_than_sold_for`)."""
    if asked is None:
        back = [NewLine(line_id, many) for line_id, many in left.items() if many > 0]
        if not back:
            raise Conflict(
                "more_than_shipped", f"Nothing of order {number} is shipped and not returned."
            )
        return back
    places = {line.position: line.line_id for line in lines}
    named = [_name(one, index, places, number=number) for index, one in enumerate(asked)]
    chosen = choose_lines(named, returnable=left, number=number)
    sold_for = {line.line_id: line.net_unit_price for line in lines}
    prices = {
        one["line_id"]: _good_for(one["unit_price"], sold_for[one["line_id"]], index)
        for index, one in enumerate(named)
    }
    return [NewLine(line_id, many, unit_price=prices[line_id]) for line_id, many in chosen.items()]


def require_same(
    row: Mapping[str, Any], known: Known, lines: Sequence[Line], *, number: str
) -> None:
    """Refuse (`external_id_used`) other goods under the name of a return that was taken before; a row
    that names no lines is about those of then."""
    same = (row["for_order_id"] or row["order_id"]) == (known.for_order_id or known.order_id)
    if same and row["lines"] is not None:
        places = {line.position: line.line_id for line in lines}
        named = [_name(one, index, places, number=number) for index, one in enumerate(row["lines"])]
        meant = sorted((one["line_id"], one["quantity"]) for one in named)
        same = meant == sorted((one.line_id, one.quantities.asked) for one in known.lines)
    if not same:
        raise Conflict(
            "external_id_used",
            f"A return of this account came as {row['external_id']} before, of other goods. Send it as "
            "it was, or give this one an external_id of its own.",
            field="external_id",
        )


def require_credit(
    back: Iterable[NewLine], lines: Sequence[Line], *, fee_percent: Decimal, number: str
) -> None:
    """Refuse (`nothing_credited`) goods that cost something and would be credited with nothing: no credit
    note could be written, and the return would never end."""
    sold_for = {line.line_id: line.net_unit_price for line in lines}
    accepted = [
        Accepted(one.line_id, one.quantity, sold_for[one.line_id], one.unit_price) for one in back
    ]
    if keeps_all(accepted, fee_percent=fee_percent):
        raise Invalid(
            "nothing_credited",
            f"All that these goods of order {number} were sold for would be kept back, and nothing "
            "credited; keep less, or leave them out where the client gets nothing.",
            field="restocking_fee_percent" if fee_percent else "lines",
        )


def fate_of(quantity: Decimal, outcome: str) -> Fate:
    """What becomes of so much of a line."""
    return NOTHING._replace(**{outcome: quantity})


def _name(
    line: Mapping[str, Any], index: int, places: Mapping[int, str], *, number: str
) -> dict[str, Any]:
    """A line by its id, where it is named by its position."""
    line_id = line["line_id"] or places.get(line["position"])
    if line_id is None:
        detail = f"Order {number} has no line {line['position']}; name one of its lines of goods."
        raise Invalid("line_not_returnable", detail, field=f"lines/{index}/position")
    return {**line, "line_id": line_id}


def _good_for(unit_price: int | None, sold_for: int, index: int) -> int | None:
    if unit_price is not None and unit_price > sold_for:
        raise Invalid(
            "more_than_sold_for",
            f"One was sold for {sold_for} minor units, net; make it good for at most that, and what is "
            "beyond by a credit note.",
            field=f"lines/{index}/unit_price",
        )
    return unit_price if unit_price is not None and unit_price < sold_for else None
