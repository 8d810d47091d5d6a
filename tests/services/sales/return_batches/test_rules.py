"""What each of a batch of returns brings back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from kernel.refusals import Refusal
from services.sales.return_batches import rules
from services.sales.return_batches.rules import Name

NUMBER = "SO-1"


class Line(NamedTuple):
    line_id: str
    position: int
    net_unit_price: int = 1000


LINES = [Line("orl_1", 1), Line("orl_2", 2, 250), Line("orl_3", 4)]
LEFT = {"orl_1": Decimal(3), "orl_2": Decimal(0), "orl_3": Decimal("1.5")}


def back(*asked: dict[str, Any]) -> list[tuple[str, str, int | None]]:
    lines = [{"line_id": None, "position": None, "unit_price": None} | one for one in asked]
    chosen = rules.choose_back(lines or None, LINES, left=LEFT, number=NUMBER)
    return [(one.line_id, str(one.quantity), one.unit_price) for one in chosen]


def test_where_no_lines_are_named_all_comes_back_that_may() -> None:
    assert back() == [("orl_1", "3", None), ("orl_3", "1.5", None)]


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ({"line_id": "orl_1", "quantity": Decimal(2)}, ("orl_1", "2", None)),
        ({"position": 4, "quantity": Decimal(1)}, ("orl_3", "1", None)),
        ({"position": 1, "quantity": Decimal(1), "unit_price": 999}, ("orl_1", "1", 999)),
        ({"position": 1, "quantity": Decimal(1), "unit_price": 0}, ("orl_1", "1", 0)),
        ({"position": 1, "quantity": Decimal(1), "unit_price": 1000}, ("orl_1", "1", None)),
    ],
)
def test_a_line_is_named_by_its_id_or_position_and_may_be_made_good_for_less(
    asked: dict[str, Any], chosen: tuple[str, str, int | None]
) -> None:
    assert back(asked) == [chosen]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([{"position": 3, "quantity": Decimal(1)}], "line_not_returnable"),
        ([{"line_id": "orl_9", "quantity": Decimal(1)}], "line_not_returnable"),
        (
            [
                {"line_id": "orl_1", "quantity": Decimal(1)},
                {"position": 1, "quantity": Decimal(1)},
            ],
            "line_not_returnable",
        ),
        ([{"position": 2, "quantity": Decimal(1)}], "more_than_shipped"),
        ([{"position": 1, "quantity": Decimal(1), "unit_price": 1001}], "more_than_sold_for"),
    ],
)
def test_what_cannot_come_back_is_refused_with_a_sentence(
    asked: list[dict[str, Any]], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        back(*asked)
    assert (refused.value.code, refused.value.detail[-1]) == (code, ".")


def test_of_what_nothing_is_left_nothing_comes_back() -> None:
    with pytest.raises(Refusal, match=f"Nothing of order {NUMBER}"):
        rules.choose_back(None, LINES, left={"orl_1": Decimal(0)}, number=NUMBER)


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        ({"order_id": "ord_1"}, True),
        ({"order_id": "ord_1", "lines": []}, True),
        ({"for_order_id": "ord_1"}, True),
        ({}, False),
        ({"order_id": "ord_1", "for_order_id": "ord_2"}, False),
        ({"for_order_id": "ord_1", "lines": []}, False),
    ],
)
def test_a_return_is_of_what_was_sold_or_of_what_an_order_brings(
    row: dict[str, Any], is_one: bool
) -> None:
    none: dict[str, Any] = {"order_id": None, "for_order_id": None, "lines": None}
    if is_one:
        rules.require_one_way(none | row)
        return
    with pytest.raises(Refusal) as refused:
        rules.require_one_way(none | row)
    assert refused.value.code == "order_or_for_order"


def test_each_name_of_an_account_stands_once_in_a_batch() -> None:
    named = {Name("acc_1", "C1")}
    rules.require_named_once(Name("acc_2", "C1"), named)
    with pytest.raises(Refusal) as refused:
        rules.require_named_once(Name("acc_1", "C1"), named)
    assert refused.value.code == "return_named_twice"


@pytest.mark.parametrize(("count", "code"), [(0, "nothing_to_come_back"), (2, "several_returns")])
def test_an_order_that_brings_goods_has_one_return(count: int, code: str) -> None:
    rules.require_single(1, number=NUMBER)
    with pytest.raises(Refusal) as refused:
        rules.require_single(count, number=NUMBER)
    assert refused.value.code == code


@pytest.mark.parametrize("outcome", [*rules.Outcome])
def test_all_of_a_line_has_one_fate(outcome: rules.Outcome) -> None:
    fate = rules.fate_of(Decimal(2), str(outcome))
    assert (fate.total, getattr(fate, str(outcome))) == (Decimal(2), Decimal(2))


def test_an_order_that_is_not_there_is_not_found() -> None:
    rules.require_order("ord_1", is_known=True)
    with pytest.raises(Refusal, match="no order ord_1"):
        rules.require_order("ord_1", is_known=False)
