"""How much arrives, what becomes of it, and how that moves the stock."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict, NotFound
from services.sales.return_parts import rules
from services.sales.return_parts.rules import Fate
from tests.services.sales.returning import code_of

DAY = date(2026, 3, 6)
RECEIVED = {"orl_1": Decimal(3), "orl_2": Decimal(1)}


def fate(*quantities: int) -> Fate:
    return Fate(*(Decimal(many) for many in quantities))


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (None, None),
        ([("orl_1", "2")], None),
        ([("orl_1", "3.001")], "more_than_asked"),
        ([("orl_9", "1")], "invalid_fields"),
        ([("orl_1", "1"), ("orl_1", "1")], "invalid_fields"),
    ],
)
def test_no_more_is_received_than_is_waited_for(
    lines: list[tuple[str, str]] | None, code: str | None
) -> None:
    asked = lines and [{"line_id": key, "quantity": Decimal(many)} for key, many in lines]

    def choose() -> dict[str, Decimal]:
        return rules.choose_received(asked, outstanding=RECEIVED, number="RT-1")

    assert code_of(choose) == code
    if code is None:
        assert choose() == (RECEIVED if lines is None else {"orl_1": Decimal(2)})


def test_where_all_has_come_nothing_more_is_received() -> None:
    with pytest.raises(Conflict) as refused:
        rules.choose_received(None, outstanding={"orl_1": Decimal(0)}, number="RT-1")
    assert refused.value.code == "nothing_outstanding"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"orl_1": (2, 0, 1), "orl_2": (0, 1, 0)}, None),
        ({"orl_1": (2, 0, 0), "orl_2": (0, 1, 0)}, "inspected_otherwise"),
        ({"orl_1": (2, 1, 1), "orl_2": (0, 1, 0)}, "inspected_otherwise"),
        ({"orl_1": (3, 0, 0)}, "inspected_otherwise"),
        ({"orl_1": (3, 0, 0), "orl_3": (1, 0, 0)}, "invalid_fields"),
    ],
)
def test_all_that_came_is_restocked_scrapped_or_rejected(
    said: dict[str, tuple[int, int, int]], code: str | None
) -> None:
    names = ("restock", "scrap", "reject")
    lines = [
        {"line_id": key, **dict(zip(names, map(Decimal, many), strict=True))}
        for key, many in said.items()
    ]

    def choose() -> dict[str, Fate]:
        return rules.choose_fates(lines, received=RECEIVED, number="RT-1")

    assert code_of(choose) == code
    if code is None:
        assert choose()["orl_1"] == fate(2, 0, 1)


def test_what_is_restocked_comes_in_and_what_is_scrapped_comes_in_and_goes() -> None:
    where: dict[str, Any] = {
        "return_id": "ret_1",
        "part": 1,
        "inspection": 2,
        "moved_on": DAY,
        "place_id": None,
    }
    lines = [("orl_1", "prd_1", fate(2, 1, 1)), ("orl_2", "prd_2", fate(0, 0, 3))]
    moves = rules.moves_of(lines, **where)
    assert [(move.kind, move.quantity, move.key) for move in moves] == [
        ("return", 2, "ret_1:1:2:orl_1:restock"),
        ("return", 1, "ret_1:1:2:orl_1:return"),
        ("scrap", -1, "ret_1:1:2:orl_1:scrap"),
    ]
    undone = rules.moves_of(lines, **where, is_undone=True)
    assert [move.quantity for move in undone] == [-2, -1, 1]
    assert not {move.key for move in moves} & {move.key for move in undone}


def test_what_is_inspected_or_answered_says_what_is_possible() -> None:
    rules.require_not_inspected(part=1, is_inspected=False, number="RT-1")
    rules.require_inspected(part=1, is_inspected=True, number="RT-1")
    rules.require_not_answered(None, part=1, number="RT-1")
    assert rules.require_part(2, number="RT-1") == 2
    with pytest.raises(NotFound):
        rules.require_part(None, number="RT-1")
    with pytest.raises(Conflict, match="undo that first"):
        rules.require_not_inspected(part=1, is_inspected=True, number="RT-1")
    with pytest.raises(Conflict, match="not inspected yet"):
        rules.require_inspected(part=1, is_inspected=False, number="RT-1")
    with pytest.raises(Conflict, match="void the credit note in billing"):
        rules.require_not_answered("credit", part=1, number="RT-1")
