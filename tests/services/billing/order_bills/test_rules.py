"""A shipment is billed again where its invoice is void and nothing of it is billed since."""

from decimal import Decimal

import pytest

from kernel.refusals import Conflict
from services.billing.order_bills.rules import (
    cut_returned,
    require_billed_before,
    require_goods,
    require_unbilled,
)


@pytest.mark.parametrize(
    ("left", "number", "code"),
    [
        (5000, None, None),
        (5000, "2026-000124", "shipment_billed"),
        (0, None, "shipment_billed_in_part"),
        (4999, None, "shipment_billed_in_part"),
    ],
)
def test_nothing_of_a_shipment_is_billed_twice(left, number, code):
    if code is None:
        require_unbilled("shp_1", left=left, goods=5000, number=number)
        return
    with pytest.raises(Conflict) as refused:
        require_unbilled("shp_1", left=left, goods=5000, number=number)
    assert refused.value.code == code


def test_what_was_never_billed_is_not_billed_again():
    require_billed_before("shp_1", is_void=True)
    with pytest.raises(Conflict, match="as it is sent"):
        require_billed_before("shp_1", is_void=False)


@pytest.mark.parametrize(
    ("to_bill", "quantities"),
    [
        ({"orl_1": 10, "orl_2": 5}, [6, 4, 5, 1]),
        ({"orl_1": 8, "orl_2": 5}, [6, 2, 5, 1]),
        ({"orl_1": 5, "orl_2": 0}, [5, 1]),
        ({"orl_1": -2, "orl_2": 7}, [5, 1]),
    ],
)
def test_what_came_back_of_a_shipment_is_not_billed_again(to_bill, quantities):
    lines = [("orl_1", 6), ("orl_1", 4), ("orl_2", 5), (None, 1)]
    asked = [{"order_line_id": key, "quantity": Decimal(many)} for key, many in lines]
    cut = cut_returned(asked, {key: Decimal(many) for key, many in to_bill.items()})
    assert [line["quantity"] for line in cut] == quantities


def test_a_shipment_that_came_back_whole_is_not_billed_again():
    with pytest.raises(Conflict, match="came back"):
        require_goods("shp_1", [])
