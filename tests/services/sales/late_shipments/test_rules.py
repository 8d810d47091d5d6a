"""Which promises are at risk, why, and what ends that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.sales.late_shipments.rules import (
    LateState,
    Line,
    Turn,
    move,
    say_late,
    turn_of,
    why_late,
)

PROMISED = date(2026, 3, 10)


def line(**facts: Any) -> Line:
    told = {"order_number": "SO-1", "sku": "CHAIR", "description": "Chair", "account_number": "A-1"}
    quantities = {"open": Decimal(20), "shipped": Decimal(20), "promised_on": PROMISED}
    return Line(**{**told, **quantities, **facts})


LEADS = {("due", "told"): "told"} | {
    (state, turn): turn for state in ("due", "told") for turn in ("moved", "shipped", "cancelled")
}


@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize("state", LateState)
def test_a_late_shipment_goes_as_the_table_says_or_not_at_all(state: LateState, turn: Turn) -> None:
    if (state, turn) in LEADS:
        assert move(state, turn) == LEADS[state, turn]
        return
    with pytest.raises(Conflict) as refused:
        move(state, turn)
    assert refused.value.code == f"late_shipment_{state}"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, "it is in no shipment"),
        ({"drafted": Decimal(5)}, "only a part of it is in a shipment"),
        ({"drafted": Decimal(20)}, "it is in a shipment whose goods are not reserved"),
        ({"assigned": Decimal(20)}, "its goods are reserved and not picked"),
        ({"picked": Decimal(15), "assigned": Decimal(5)}, "its goods are reserved and not picked"),
        (
            {"is_stopped": True, "drafted": Decimal(5)},
            "the credit limit has no room for order SO-1",
        ),
        (
            {"in_stock": Decimal(19), "assigned": Decimal(20)},
            "of the product only 19 are there for it",
        ),
        ({"in_stock": Decimal(1)}, "of the product only 1 is there for it"),
        ({"in_stock": Decimal(0)}, "of the product there is none for it"),
        ({"in_stock": Decimal(20)}, "it is in no shipment"),
        ({"account_status": "on_hold", "is_stopped": True}, "account A-1 is on_hold"),
        ({"hold_reason": "level 3"}, "account A-1 is on credit hold (level 3)"),
    ],
)
def test_the_reason_is_what_is_to_be_mended_first(facts: dict[str, Any], reason: str) -> None:
    assert why_late(line(**facts)) == reason


@pytest.mark.parametrize(
    ("today", "picked", "sentence"),
    [
        (
            date(2026, 3, 9),
            5,
            "15 of CHAIR Chair of order SO-1 are promised for 2026-03-10 and not picked: so.",
        ),
        (
            date(2026, 3, 11),
            5,
            "15 of CHAIR Chair of order SO-1 were promised for 2026-03-10 and not picked: so.",
        ),
        (
            date(2026, 3, 9),
            19,
            "1 of CHAIR Chair of order SO-1 is promised for 2026-03-10 and not picked: so.",
        ),
        (
            date(2026, 3, 11),
            19,
            "1 of CHAIR Chair of order SO-1 was promised for 2026-03-10 and not picked: so.",
        ),
    ],
)
def test_the_sentence_says_how_much_of_what_and_why(
    today: date, picked: int, sentence: str
) -> None:
    assert say_late(line(picked=Decimal(picked)), reason="so", today=today) == sentence


@pytest.mark.parametrize(
    ("facts", "turn"),
    [
        ({}, None),
        ({"picked": Decimal(20)}, None),
        ({"promised_on": date(2026, 3, 11)}, Turn.MOVE),
        ({"open": Decimal(0)}, Turn.SHIP),
        ({"open": Decimal(0), "shipped": Decimal(0)}, Turn.CANCEL),
    ],
)
def test_it_lasts_until_all_has_left_or_is_promised_for_another_day(
    facts: dict[str, Any], turn: Turn | None
) -> None:
    assert turn_of(line(**facts), promised_on=PROMISED) == turn
