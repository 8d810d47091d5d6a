"""Where a plan may go, and what it has to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from kernel.refusals import Conflict, Refusal
from services.sales.count_plans import rules
from services.sales.count_plans.rules import PlanAction, PlanStatus, next_status

STATES = {"active": {"pause": "paused"}, "paused": {"resume": "active"}}
NEVER = {"a_days": None, "b_days": None, "c_days": None}


@pytest.mark.parametrize("action", PlanAction)
@pytest.mark.parametrize("status", PlanStatus)
def test_a_plan_goes_where_its_table_says_or_says_what_is_possible(
    status: PlanStatus, action: PlanAction
) -> None:
    leads_to = STATES[status].get(action)
    if leads_to:
        assert next_status(status, action, name="All") == leads_to
        return
    with pytest.raises(Conflict, match="one can ") as refused:
        next_status(status, action, name="All")
    assert refused.value.code == "plan_state"


def require(*, a: int = 80, b: int = 95, **days: int) -> None:
    rules.require_plan(a_percent=Decimal(a), b_percent=Decimal(b), days=NEVER | days)


REFUSED: list[tuple[Callable[[], None], str, str]] = [
    (lambda: require(a=90, b=80, a_days=30), "percentages_crossed", "a_percent or more"),
    (require, "counts_nothing", "for one class at least"),
    (
        lambda: rules.require_start(date(2090, 1, 1), today=date(2026, 3, 2)),
        "too_far_ahead",
        "50",
    ),
    (lambda: rules.require_free_name(is_taken=True, name="All"), "name_taken", "another name"),
]


@pytest.mark.parametrize(("require", "code", "says"), REFUSED, ids=[one[1] for one in REFUSED])
def test_a_plan_that_cannot_be_is_refused(
    require: Callable[[], None], code: str, says: str
) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        require()
    assert refused.value.code == code


def test_a_plan_that_counts_one_class_is_taken() -> None:
    require(a=80, b=80, c_days=365)
    rules.require_start(date(2026, 4, 1), today=date(2026, 3, 2))
    rules.require_free_name(is_taken=False, name="All")
