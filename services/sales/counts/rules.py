"""Where a count stands, how far off it is, and who may approve that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from kernel.callers import EVERYTHING
from kernel.money import TOTAL_MAX, round_half_up
from kernel.refusals import Conflict, Forbidden, Invalid, Refusal
from services.sales.count_settings.rules import Tolerances

APPROVE = "sales:approve"  # the scope
LINES_MAX = 200  # products in one count
NAMED_MAX = 10  # how many are named in a refusal
_PLACES = Decimal("0.0001")  # of a share or a ratio that is shown


class CountStatus(StrEnum):
    """The state of a count."""

    OPEN = "open"
    COUNTED = "counted"
    APPROVED = "approved"
    POSTED = "posted"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What is done with a count, as one says of it: it is ..."""

    ADD = "given more products"
    ENTER = "given quantities"
    FINISH = "finished"
    RECOUNT = "recounted"
    APPROVE = "approved"
    POST = "posted"
    CANCEL = "cancelled"


MOVES: Mapping[CountStatus, Mapping[Action, CountStatus]] = {
    CountStatus.OPEN: {
        Action.ADD: CountStatus.OPEN,
        Action.ENTER: CountStatus.OPEN,
        Action.FINISH: CountStatus.COUNTED,
        Action.CANCEL: CountStatus.CANCELLED,
    },
    CountStatus.COUNTED: {
        Action.RECOUNT: CountStatus.OPEN,
        Action.APPROVE: CountStatus.APPROVED,
        Action.POST: CountStatus.POSTED,
        Action.CANCEL: CountStatus.CANCELLED,
    },
    CountStatus.APPROVED: {
        Action.RECOUNT: CountStatus.OPEN,
        Action.APPROVE: CountStatus.APPROVED,
        Action.POST: CountStatus.POSTED,
        Action.CANCEL: CountStatus.CANCELLED,
    },
    CountStatus.POSTED: {},
    CountStatus.CANCELLED: {},
}
"""What is approved can be approved again: what is off may be another thing by then."""
LIVE = frozenset(status for status, moves in MOVES.items() if moves)
"""What can still come to something."""


class Books(NamedTuple):
    """What the books say of a line: on hand now, moved since it was counted, and what one costs."""

    on_hand: Decimal
    moved_since: Decimal
    unit_cost: Decimal
    currency: str | None


class LastCount(NamedTuple):
    """The last count of a product at a place: how much, when, by whom, and its number."""

    counted: Decimal
    counted_on: date
    counted_by: str
    number: str


class Judged(NamedTuple):
    """How far a line is off. Shares and ratios are rounded for showing; None where they cannot be said,
    as there is nothing to divide by."""

    variance: Decimal
    variance_share: Decimal | None
    quantity_ratio: Decimal | None
    variance_cost: int
    cost_ratio: Decimal | None
    is_beyond: bool


def next_status(status: str, action: Action, *, number: str) -> CountStatus:
    """Where an action leads a count; Conflict (`count_state`), which says what is possible, where it
    leads nowhere."""
    moves = MOVES[CountStatus(status)]
    if action not in moves:
        *firsts, last = moves or [""]
        can = f"it can be {', '.join(firsts)} or {last}" if moves else "open another"
        raise Conflict(
            "count_state",
            f"Count {number} is {status}, so it cannot be {action}; {can}.",
            state=status,
        )
    return moves[action]


def judge(counted: Decimal, books: Books, tolerances: Tolerances) -> Judged:
    """How far off a line is. What moved since it was counted is not amiss: on hand has it, and so would
    the shelf. Where nothing is expected, or nothing may be off, anything that is off is beyond. What it
    costs is said up to the most that a sum can be: what is worth more is not posted anyway, as no stock
    can be worth so much."""
    variance = counted + books.moved_since - books.on_hand
    cost = max(-TOTAL_MAX, min(round_half_up(variance * books.unit_cost)[0], TOTAL_MAX))
    tolerated = books.on_hand * tolerances.percent / 100
    cost_tolerated = Decimal(tolerances.cost(books.currency))
    return Judged(
        variance=variance,
        variance_share=_divide(variance, books.on_hand),
        quantity_ratio=_divide(abs(variance), tolerated),
        variance_cost=cost,
        cost_ratio=_divide(Decimal(abs(cost)), cost_tolerated),
        is_beyond=_is_beyond(abs(variance), tolerated) or _is_beyond(abs(cost), cost_tolerated),
    )


def _is_beyond(off: Decimal | int, tolerated: Decimal) -> bool:
    return off > max(tolerated, Decimal(0))


def _divide(off: Decimal, by: Decimal) -> Decimal | None:
    """To four decimals; nothing off is 0 whatever it is divided by."""
    if not off:
        return Decimal(0)
    if by <= 0:
        return None
    return (off / by).quantize(_PLACES, ROUND_HALF_UP)


def may_show(*, is_blind: bool, status: str) -> bool:
    """Whether what is expected, and all that follows from it, may be seen."""
    return not is_blind or status != CountStatus.OPEN


class Onlooker(NamedTuple):
    """Who looks at what is on hand. While it is counted blind, only who may approve counts sees it, and
    has not counted any of it."""

    subject: str
    may_approve: bool


def see(subject: str, scopes: Collection[str]) -> Onlooker:
    """Who looks, by name and scopes."""
    return Onlooker(subject, not {EVERYTHING, APPROVE}.isdisjoint(scopes))


class Named(NamedTuple):
    """A product that a request names: where, and its sku."""

    field: str
    sku: str


def field_of(place: int, one: Mapping[str, Any]) -> str:
    """Where a request names the product of one of its lines."""
    return f"lines/{place}/{'product_id' if 'product_id' in one else 'sku'}"


def product_not_found(place: int, one: Mapping[str, Any]) -> Invalid:
    """The refusal of a product that there is not."""
    field = field_of(place, one)
    named = one[field.rpartition("/")[2]]
    detail = f"There is no product {named}; GET /v1/products?search= finds what there is."
    return Invalid("product_not_found", detail, field=field)


def require_stocked(others: Sequence[Named]) -> None:
    """Refuse (`not_stocked`) to count what is not kept in stock."""
    if others:
        raise _each(
            Conflict,
            "not_stocked",
            others,
            "not kept in stock, so there is nothing to count. Leave it out, or edit the product to "
            "is_stocked.",
        )


def require_line_count(count: int) -> None:
    """A count has 1 to LINES_MAX lines."""
    if not count:
        raise Conflict(
            "nothing_to_count",
            "No product on sale is kept in stock; name products, or edit one to is_stocked.",
            field="lines",
        )
    if count > LINES_MAX:
        raise Conflict(
            "too_many_lines",
            f"These are {count} products, and a count has {LINES_MAX} at the most; name so many in "
            "`lines`, and open another count for the rest.",
            field="lines",
        )


def require_once(named: Sequence[Named]) -> None:
    """Refuse (`named_twice`) a product that is named twice."""
    first = {one.sku: one for one in reversed(named)}
    again = [one for one in named if first[one.sku] is not one]
    if again:
        raise _each(Invalid, "named_twice", again, "name each product once.")


def require_new(known: Sequence[Named], *, number: str) -> None:
    """Refuse (`in_the_count`) to add what the count has."""
    if known:
        why = f"in count {number} already; enter its quantity."
        raise _each(Conflict, "in_the_count", known, why)


def require_in_count(missing: Sequence[Named], *, number: str) -> None:
    """Refuse (`not_in_the_count`) a quantity of what the count does not have."""
    if missing:
        raise _each(
            Conflict,
            "not_in_the_count",
            missing,
            f"not in count {number}; add it (POST …/lines) while the count is open, or count it in "
            "another.",
        )


def require_all_counted(skus: Collection[str], *, number: str) -> None:
    """Refuse (`lines_not_counted`) to finish a count of which something has no quantity."""
    if skus:
        raise Conflict(
            "lines_not_counted",
            f"{_listed(skus)}: not counted yet; enter a quantity (0 where there is none), then finish "
            f"count {number}.",
            skus=sorted(skus)[:NAMED_MAX],
        )


def require_something_beyond(skus: Collection[str], *, number: str) -> None:
    """Refuse (`approval_not_needed`) to approve what needs none."""
    if not skus:
        raise Conflict(
            "approval_not_needed", f"Nothing of count {number} is beyond its tolerances; post it."
        )


def require_another_person(by: str, *, counters: Collection[str]) -> None:
    """Refuse (`approver_counted`) the approval of who has counted any of it."""
    if by in counters:
        raise Forbidden(
            "approver_counted",
            "You have counted here yourself; have somebody approve it who has not.",
        )


def require_approved(skus: Collection[str], *, number: str) -> None:
    """Refuse (`approval_missing`) to post what is beyond tolerance and was not approved as it is."""
    if skus:
        raise Conflict(
            "approval_missing",
            f"{_listed(skus)}: beyond the tolerances of count {number} and not approved as it is now. "
            "Have it approved by somebody who has not counted, or recounted.",
            skus=sorted(skus)[:NAMED_MAX],
        )


def _each(kind: type[Refusal], code: str, named: Sequence[Named], why: str) -> Refusal:
    """The refusal of products that a request names, each where it does."""
    skus = sorted({one.sku for one in named})
    refusal = kind(code, f"{_listed(skus)}: {why}", skus=skus[:NAMED_MAX])
    refusal.errors = [{"field": one.field, "detail": f"{one.sku}: {why}"} for one in named]
    return refusal


def _listed(skus: Collection[str]) -> str:
    named = sorted(skus)
    more = len(named) - NAMED_MAX
    return ", ".join(named[:NAMED_MAX]) + (f" and {more} more" if more > 0 else "")
