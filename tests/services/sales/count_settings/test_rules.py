"""What a count may find amiss, by currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.refusals import Invalid
from services.sales.count_settings.rules import DEFAULT, Tolerances, read_costs


@pytest.mark.parametrize(("currency", "cost"), [("EUR", 6000), ("USD", 0), (None, 0)])
def test_a_currency_that_is_not_named_has_no_tolerance(currency: str | None, cost: int) -> None:
    assert DEFAULT.cost(currency) == cost


def test_before_anybody_said_so_it_is_five_percent_and_sixty_euro() -> None:
    assert Tolerances(Decimal(5), {"EUR": 6000}) == DEFAULT


def test_each_currency_is_named_once() -> None:
    assert read_costs([("EUR", 100), ("USD", 200)]) == {"EUR": 100, "USD": 200}
    with pytest.raises(Invalid, match="each currency once"):
        read_costs([("EUR", 100), ("EUR", 200)])
