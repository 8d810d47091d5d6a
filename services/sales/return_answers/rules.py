"""What is credited of goods that came back, and what is kept back of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.money import round_half_up
from kernel.refusals import Conflict, Invalid
from services.sales.returns.rules import shown


class Accepted(NamedTuple):
    """What was accepted of an order line: how much, what one was sold for, net, in minor units, and what
    it is made good for, where that is less."""

    line_id: str
    quantity: Decimal
    net_unit_price: int
    unit_price: int | None
    unsold: Mapping[str, Any] | None = None


def say_credit(
    accepted: Iterable[Accepted], *, fee_percent: Decimal, lowered: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The lines of a `return_accepted`: what was accepted, less what is kept back; and what stays
    with the client for less."""
    lines = [
        {
            "line_id": one.line_id,
            "quantity": one.quantity,
            "kept_back": kept_back(one, fee_percent=fee_percent),
            "lowered_by": None,
            "unsold": one.unsold,
        }
        for one in accepted
    ]
    stays = [
        {
            "line_id": one["line_id"],
            "quantity": Decimal(one["quantity"]),
            "kept_back": 0,
            "lowered_by": one["unit_price"],
            "unsold": None,
        }
        for one in lowered
    ]
    return [*lines, *stays]


def keeps_all(accepted: Iterable[Accepted], *, fee_percent: Decimal) -> bool:
    """Whether goods that cost something would be credited with nothing, as all of it is kept back."""
    kept = [(worth(one), kept_back(one, fee_percent=fee_percent)) for one in accepted]
    return any(whole for whole, _ in kept) and all(whole == back for whole, back in kept)


def require_credit(
    accepted: Iterable[Accepted], *, fee_percent: Decimal, number: str, part: int
) -> None:
    """Refuse (`nothing_credited`) a fee that leaves nothing to be credited of a part: no credit note
    could be written, and the return would never end."""
    if fee_percent and keeps_all(accepted, fee_percent=fee_percent):
        raise Invalid(
            "nothing_credited",
            f"A fee of {shown(fee_percent)} % would keep back all that part {part} of return {number} "
            "was sold for. Keep less, or undo its inspection and reject it.",
            field="restocking_fee_percent",
        )


def worth(one: Accepted) -> int:
    """What was accepted of a line was sold for, net, rounded half up."""
    return round_half_up(one.quantity * one.net_unit_price)[0]


def kept_back(one: Accepted, *, fee_percent: Decimal) -> int:
    """What is kept back of what was accepted of a line: what it is not made good for, and the restocking
    fee of the rest, each rounded half up."""
    whole = good = worth(one)
    if one.unit_price is not None:
        good = min(whole, round_half_up(one.quantity * one.unit_price)[0])
    return whole - good + round_half_up(good * fee_percent / 100)[0]


def require_accepted(count: int, *, number: str) -> None:
    """Refuse to credit or replace where nothing accepted waits for it."""
    if not count:
        raise Conflict(
            "nothing_to_answer",
            f"Nothing of return {number} is accepted and neither credited nor replaced; inspect what "
            "came.",
        )
