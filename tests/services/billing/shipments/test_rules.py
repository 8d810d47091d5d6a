"""Whether what was shipped waits for a bill of the month, and what of it does."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.pricing.rules import price
from services.billing.shipments.rules import is_billed_later, to_bill
from services.billing.taxes.rules import Rounding

LATER = {"bills": "monthly", "is_billed_apart": False, "statuses": {"active"}, "ahead": 0}


@pytest.mark.parametrize(
    ("facts", "is_later"),
    [
        ({}, True),
        ({"statuses": {"on_hold"}}, True),
        ({"bills": "per_shipment"}, False),
        ({"is_billed_apart": True}, False),
        ({"ahead": 1}, False),
        ({"statuses": {"active", "closed"}}, False),
    ],
)
def test_it_waits_where_that_is_agreed_and_nothing_speaks_against_it(facts, is_later):
    assert is_billed_later(**LATER | facts) is is_later


def test_what_was_given_away_does_not_wait():
    lines = [
        {
            "description": name,
            "quantity": Decimal(2),
            "unit_price": price,
            "tax_percent": Decimal(7),
        }
        for name, price in (("Tea", 100), ("Gift", 0))
    ]
    [waiting] = to_bill("shp_1", price(lines, rounding=Rounding.DOCUMENT), date(2026, 3, 2))
    assert (waiting["key"], waiting["description"]) == ("shp_1:1", "Tea")
    assert (waiting["bill_on"], waiting["tax_code"]) == (date(2026, 3, 2), "standard")
