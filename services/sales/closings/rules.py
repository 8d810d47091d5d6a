"""What sales has against the closing of an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

AGREED = "All that was ordered is shipped and invoiced."
NAMED_MAX = 10  # orders in one answer


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an account cannot be closed: the orders in the way, by number."""

    code: str
    reason: str
    orders: Sequence[str]


def find_objection(*, open_: Sequence[str], not_invoiced: Sequence[str]) -> Objection | None:
    """The first of what is in the way of closing an account: confirmed orders of which something is
    open, or shipped ones of which billing has not told an invoice; None if nothing is."""
    if open_:
        return Objection(
            "orders_open",
            f"Of {_listed(open_)} something is not shipped; "
            "it can be closed once that is shipped or cancelled.",
            open_[:NAMED_MAX],
        )
    if not_invoiced:
        return Objection(
            "goods_not_invoiced",
            f"Of {_listed(not_invoiced)} something is shipped and not invoiced yet; "
            "it can be closed once that is invoiced and paid.",
            not_invoiced[:NAMED_MAX],
        )
    return None


def _listed(numbers: Sequence[str]) -> str:
    more = ["more"] if len(numbers) > NAMED_MAX else []
    *others, last = [*numbers[:NAMED_MAX], *more]
    return f"{', '.join(others)} and {last}" if others else last
