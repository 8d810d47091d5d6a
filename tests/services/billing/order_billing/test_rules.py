"""What is to be billed of an order line follows from what went, came back, is billed and credited."""

from decimal import Decimal

import pytest

from services.billing.order_billing.rules import LineBilling


@pytest.mark.parametrize(
    ("shipped", "returned", "billed", "credited", "to_bill"),
    [
        (10, 0, 5, 0, 5),  # a draft for 4 + 6 edited to 4 + 1
        (60, 6, 54, 0, 0),
        (60, 6, 60, 6, 0),
        (8, 3, 8, 0, -3),
        (8, 0, 8, 2, 2),
        (0, 0, 0, 0, 0),
    ],
)
def test_to_bill_is_what_is_there_and_not_billed(shipped, returned, billed, credited, to_bill):
    quantities = map(Decimal, (shipped, returned, billed, credited))
    assert LineBilling("orl_1", "Tea", *quantities).to_bill == to_bill


@pytest.mark.parametrize(
    ("agreed", "kept", "shipped", "returned", "billed", "credited", "to_bill"),
    [
        (9, 0, 0, 0, 9, 0, 0),
        (9, 0, 6, 0, 6, 0, 3),
        (7, 0, 0, 0, 9, 0, -2),
        (7, 0, 0, 0, 9, 2, 0),
        (7, 2, 0, 0, 9, 0, 0),
        (7, 1, 0, 0, 9, 0, -1),
        (9, 2, 0, 0, 7, 0, 2),
        (0, 0, 0, 0, 9, 0, -9),
        (9, 0, 9, 3, 9, 3, 0),
    ],
)
def test_of_an_order_that_is_billed_on_order_what_is_agreed_is_to_be_billed(
    agreed, kept, shipped, returned, billed, credited, to_bill
):
    quantities = map(Decimal, (shipped, returned, billed, credited, agreed, kept))
    assert LineBilling("orl_1", "Tea", *quantities).to_bill == to_bill
