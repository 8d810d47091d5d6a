"""On which day an order counts as ordered, and whether it came before."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict, Invalid
from services.sales.drafting.rules import day_of_order, digest, require_same

TODAY = date(2026, 3, 2)
ORDER: dict[str, Any] = {"external_id": "536365", "lines": [{"sku": "A", "quantity": Decimal(2)}]}


def test_an_order_counts_for_today_or_a_day_gone_by() -> None:
    assert day_of_order(None, today=TODAY) == TODAY
    assert day_of_order(TODAY, today=TODAY) == TODAY
    assert day_of_order(date(2010, 12, 1), today=TODAY) == date(2010, 12, 1)
    with pytest.raises(Invalid) as refused:
        day_of_order(date(2026, 3, 3), today=TODAY)
    assert refused.value.code == "ordered_in_future"
    assert refused.value.errors[0]["field"] == "ordered_on"


def test_what_is_left_out_says_nothing() -> None:
    more = {**ORDER, "note": None, "is_billed_apart": False}
    assert digest(more) == digest(ORDER)
    more["lines"] = [{**ORDER["lines"][0], "promised_on": None}]
    assert digest(more) == digest(ORDER)
    require_same(digest(more), ORDER)


def test_a_quantity_says_the_same_however_it_is_written() -> None:
    again = {**ORDER, "lines": [{"sku": "A", "quantity": Decimal("2.0")}]}
    require_same(digest(ORDER), again)
    kept = '{"external_id": "536365", "lines": [{"quantity": "2.0", "sku": "A"}]}'  # as earlier
    require_same(hashlib.sha256(kept.encode()).hexdigest(), again)


@pytest.mark.parametrize(
    "other", [{"note": "x"}, {"lines": [{"sku": "A", "quantity": Decimal(3)}]}, {"confirms": True}]
)
def test_one_name_is_of_one_order(other: dict[str, Any]) -> None:
    with pytest.raises(Conflict) as refused:
        require_same(digest(ORDER), {**ORDER, **other})
    assert refused.value.code == "external_id_used"
