"""What is to be taken off is credited, turned round, where nothing more stands beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.billing.take_offs.rules import turn_round, waits_since
from services.billing.taxes.rules import Rounding


def billable(quantity: str, unit_price: int, **facts: Any) -> Any:
    known = {"billable_id": "bil_1", "shipment_id": None, "order_line_id": None}
    known |= {"description": "Hosting", "tax_percent": Decimal(19), "tax_code": "standard"}
    known |= {"exemption_reason": None, "service_from": None, "service_until": None}
    known |= {"pending": Decimal(quantity), "unit_price": unit_price}
    return SimpleNamespace(**known | facts)


@pytest.mark.parametrize(
    ("pending", "credited"),
    [
        ([("-1", 6000)], (6000, 1140)),
        ([("-1", 6000), ("1", 5000)], (1000, 190)),
        ([("-1", 6000), ("1", 6000)], None),
        ([("-1", 6000), ("1", 6001)], None),
        ([("1", 6000)], None),
        ([], None),
    ],
)
def test_only_what_comes_to_less_than_nothing_is_credited(pending, credited) -> None:
    found = turn_round([billable(*one) for one in pending], rounding=Rounding.DOCUMENT)
    assert (found and (found.net, found.tax)) == credited


def test_a_line_names_the_days_that_it_is_about() -> None:
    days = {"service_from": date(2026, 9, 11), "service_until": date(2026, 9, 19)}
    found = turn_round([billable("-1", 6000, **days)], rounding=Rounding.DOCUMENT)
    assert found is not None
    [line] = found.lines
    told = line._asdict()
    assert told["description"] == "Hosting, 2026-09-11 – 2026-09-19"
    assert (told["quantity"], told["net"], told["billable_id"]) == (Decimal(1), 6000, "bil_1")


def test_sixty_days_are_waited() -> None:
    assert waits_since(date(2026, 5, 1)) == date(2026, 3, 2)
