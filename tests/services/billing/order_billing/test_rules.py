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
