"""Whether what was shipped waits for a bill of the month, and what of it does."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.advances.rules import Advance, Amounts
from services.billing.pricing.rules import Priced, price
from services.billing.routines.rules import Agreement
from services.billing.shipments.rules import (
    Goods,
    first_of_each,
    invoice_goods,
    is_billed_later,
    is_billed_with_it,
    to_bill,
)
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


def goods(*prices: int) -> Priced:
    taxed = {"description": "Tea", "quantity": Decimal(1), "tax_percent": Decimal(20)}
    return price([{**taxed, "unit_price": one} for one in prices], rounding=Rounding.DOCUMENT)


@pytest.mark.parametrize(
    ("heard", "known", "new"),
    [
        ("AB", "", "AB"),
        ("ABA", "", "AB"),
        ("AB", "A", "B"),
        ("aA", "", "aA"),  # nothing was said of what was in it
        ("AaA", "", "A"),
    ],
)
def test_of_each_shipment_counts_what_is_heard_first(heard: str, known: str, new: str) -> None:
    shipments = [
        {"shipment_id": one.upper(), "lines": ["a line"] * one.isupper(), "as": one}
        for one in heard
    ]
    found = first_of_each(shipments, known=set(known))
    assert "".join(one["as"] for one in found) == new


def test_what_is_given_away_or_billed_on_order_is_not_billed_with_its_shipment() -> None:
    assert is_billed_with_it(goods(0, 100), bills_on="shipment")
    assert not is_billed_with_it(goods(0, 0), bills_on="shipment")
    assert not is_billed_with_it(goods(0, 100), bills_on="order")


def test_each_invoice_has_what_those_before_it_left_of_what_was_billed_ahead() -> None:
    left = Amounts(goods(1500).rates)
    ahead = Advance("inv_1", "acc", "ord", "EUR", "1", date(2026, 3, 1), left)
    names = {"account_id": "acc", "order_id": "ord", "shipment_id": "shp", "currency": "EUR"}
    asked = Goods(names, goods(1000), [ahead], Agreement(30, "DE"))
    made = [invoice_goods(one, asked, today=date(2026, 3, 2)) for one in ("inv_2", "inv_3")]
    facts = [(one.new.demand.taken_off, one.new.demand.total) for one in made]
    assert facts == [(1200, 0), (600, 600)]
    assert [[due.amount for due in one.new.dues] for one in made] == [[], [600]]
    assert [[part.net for part in one.parts] for one in made] == [[1000], [500]]


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
