"""Which moves there are, how they go on, and which are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict, Invalid
from services.sales.stock import rules
from services.sales.stock.rules import Action, Entry, MoveKind, MoveStatus, NewMove

DAY = date(2026, 3, 10)


def move(quantity: int, **facts: Any) -> NewMove:
    told = {"product_id": "prd_1", "kind": MoveKind.RECEIPT, "moved_on": DAY, "key": "a:1"}
    values: dict[str, Any] = told | facts
    return NewMove(quantity=Decimal(quantity), **values)


@pytest.mark.parametrize("status", MoveStatus)
@pytest.mark.parametrize("action", Action)
def test_only_what_is_planned_is_finished_or_cancelled(status: MoveStatus, action: Action) -> None:
    if status == MoveStatus.PLANNED:
        leads_to = {Action.FINISH: "done", Action.CANCEL: "cancelled"}
        assert rules.next_status(status, action, move_id="mov_1") == leads_to[action]
        return
    with pytest.raises(Conflict) as refused:
        rules.next_status(status, action, move_id="mov_1")
    assert refused.value.code == f"move_{status}"


def test_what_is_done_has_come() -> None:
    rules.require_come(DAY, today=DAY)
    with pytest.raises(Invalid) as refused:
        rules.require_come(DAY, today=date(2026, 3, 9))
    assert refused.value.code == "moved_in_future"


@pytest.mark.parametrize("currency", [None, "EUR"])
def test_a_cost_is_in_the_products_currency(currency: str | None) -> None:
    rules.require_currency(currency, of_product="EUR", sku="TEA")
    with pytest.raises(Invalid) as refused:
        rules.require_currency("USD", of_product="EUR", sku="TEA")
    assert refused.value.code == "cost_currency"


def test_one_key_is_one_move_and_the_first_counts() -> None:
    moves = [move(1), move(2), move(3, key="a:2")]
    assert [one.quantity for one in rules.once(moves)] == [1, 3]


def test_what_is_planned_is_not_recorded_beside_it() -> None:
    rules.require_done(MoveStatus.DONE, key="a:1")
    rules.require_done(MoveStatus.CANCELLED, key="a:1")
    with pytest.raises(Conflict) as refused:
        rules.require_done(MoveStatus.PLANNED, key="a:1")
    assert refused.value.code == "move_planned"


def test_moves_are_added_up_by_product_and_where_they_leave_a_place() -> None:
    moves = [
        move(5, place_id="pla_1"),
        move(-7, place_id="pla_1"),
        move(7, place_id="pla_2"),
        move(-1, product_id="prd_2"),
        move(-1, product_id="prd_2", kind=MoveKind.COUNT),
    ]
    assert rules.net_by_product(moves) == {"prd_1": 5, "prd_2": -2}
    assert rules.net_by_place(moves) == {("prd_1", "pla_1"): 2}
    assert rules.counted(moves) == {"prd_2"}


def test_no_more_leaves_a_place_than_is_there() -> None:
    rules.require_at_place(Decimal(2), there=Decimal(2), sku="TEA", place="HALL")
    with pytest.raises(Conflict) as refused:
        rules.require_at_place(Decimal(3), there=Decimal(2), sku="TEA", place="HALL")
    assert (refused.value.code, refused.value.facts["place"]) == ("out_of_stock", "HALL")


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 30), date(2026, 3, 1)),
        (date(2026, 3, 31), date(2026, 4, 1)),  # all of March is whole
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_days_are_added_up_one_by_one_where_their_month_is_not_whole(
    as_of: date, first: date
) -> None:
    assert rules.days_alone(as_of) == first


def test_moves_are_added_up_by_month_and_place() -> None:
    moves = [
        move(5),
        move(-2),
        move(1, place_id="pla_1"),
        move(7, moved_on=date(2026, 4, 1)),
    ]
    entries = [Entry(f"mov_{place}", one) for place, one in enumerate(moves)]
    found = rules.by_month(entries, {f"mov_{place}": 10 * place for place in range(4)})
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert found == {
        ("prd_1", march, ""): (3, 10),
        ("prd_1", march, "pla_1"): (1, 20),
        ("prd_1", april, ""): (7, 30),
    }
