"""How plans class products, how often each class is counted, and where a plan stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict, Invalid
from services.sales.counts.rules import LINES_MAX

DAYS_MAX = 3660  # ten years
MOVED_DAYS = 365  # how far back what moved is valued
A_PERCENT, B_PERCENT = Decimal(80), Decimal(95)
LINES = 50  # products a day, unless a plan says otherwise
assert LINES <= LINES_MAX


class Basis(StrEnum):
    """What products are classed by."""

    STOCK_VALUE = "stock_value"
    MOVED_VALUE = "moved_value"


class ValueClass(StrEnum):
    """A: what the most value lies in, B: what comes next, C: all else."""

    A = "A"
    B = "B"
    C = "C"


class PlanStatus(StrEnum):
    """The state of a plan."""

    ACTIVE = "active"
    PAUSED = "paused"


class PlanAction(StrEnum):
    """What moves a plan."""

    PAUSE = "pause"
    RESUME = "resume"


MOVES: Mapping[PlanStatus, Mapping[PlanAction, PlanStatus]] = {
    PlanStatus.ACTIVE: {PlanAction.PAUSE: PlanStatus.PAUSED},
    PlanStatus.PAUSED: {PlanAction.RESUME: PlanStatus.ACTIVE},
}


def next_status(status: str, action: PlanAction, *, name: str) -> PlanStatus:
    """Where an action leads a plan; Conflict (`plan_state`), which says what is possible."""
    moves = MOVES[PlanStatus(status)]
    if action not in moves:
        raise Conflict(
            "plan_state",
            f"Plan {name} is {status}, so one cannot {action} it; one can {', '.join(moves)} it.",
            state=status,
        )
    return moves[action]


def require_plan(*, a_percent: Decimal, b_percent: Decimal, days: Mapping[str, int | None]) -> None:
    """A plan counts something, and its classes follow one another."""
    if a_percent > b_percent:
        raise Invalid(
            "percentages_crossed",
            "Give a b_percent of a_percent or more: A ends where B begins.",
            field="b_percent",
        )
    if not any(days.values()):
        raise Invalid(
            "counts_nothing",
            "Say for one class at least after how many days it is counted again.",
            field="a_days",
        )


def require_start(starts_on: date, *, today: date) -> None:
    """A plan begins on a day that can be foreseen."""
    require_foreseeable(starts_on, today=today, field="starts_on")


def require_free_name(*, is_taken: bool, name: str) -> None:
    """Refuse (`name_taken`) a second plan of one name."""
    if is_taken:
        raise Conflict(
            "name_taken",
            f"There is a plan {name} already; change it, or choose another name.",
            field="name",
        )
