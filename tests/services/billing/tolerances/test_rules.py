"""Which differences are too small to ask for."""

from decimal import Decimal

import pytest

from services.billing.tolerances.rules import NONE, Tolerance


@pytest.mark.parametrize(
    ("difference", "demanded", "takes"),
    [
        (100, 10000, True),
        (101, 20000, False),
        (100, 9999, False),  # more than one percent
        (50, 5000, True),
        (0, 0, True),
    ],
)
def test_a_difference_is_within_both_the_amount_and_the_percentage(difference, demanded, takes):
    tolerance = Tolerance(100, Decimal(1))
    assert tolerance.takes(difference, demanded=demanded) == takes


def test_nothing_is_tolerated_that_nobody_allowed():
    assert not NONE.takes(1, demanded=10**6)
