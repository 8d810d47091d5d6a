"""What orders take in."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from kernel.ids import new_id
from services.sales.orders.schemas import NewOrder

LINE, PRODUCT = {"sku": "CHAIR", "quantity": "2"}, "prd_01jd3v4q6ye8z9t5k2m7n0p1xw"


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([], "lines"),
        ([LINE] * 1001, "lines"),
        ([LINE | {"product_id": PRODUCT}], "lines/0/sku"),
        ([{"quantity": "2"}], "lines/0/sku"),
        ([LINE, LINE | {"quantity": "0"}], "lines/1/quantity"),
        ([LINE | {"quantity": "-0"}], "lines/0/quantity"),
        ([LINE | {"quantity": "0.0001"}], "lines/0/quantity"),
        ([LINE | {"unit_price": -1}], "lines/0/unit_price"),
        ([LINE | {"discount_percent": "101"}], "lines/0/discount_percent"),
        ([LINE | {"tax_percent": "0"}], "lines/0/tax_percent"),
    ],
)
def test_a_wrong_line_is_refused_by_its_place(lines: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NewOrder().load({"account_id": new_id("acc"), "lines": lines})
    assert _place(refused.value.messages_dict) == field


def _place(messages: Any) -> str:
    path = []
    while isinstance(messages, dict):
        [(key, messages)] = messages.items()
        path.append(str(key))
    return "/".join(path)
