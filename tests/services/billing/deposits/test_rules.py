"""A deposit is so much of what is ordered at each rate of tax."""

from decimal import Decimal

import pytest

from kernel.refusals import Conflict
from services.billing.deposits.rules import deposit_lines, require_running


@pytest.mark.parametrize(
    ("percent", "ordered", "asked"),
    [
        ("25", [("20", 28800)], [("20", 7200)]),
        ("33.3", [("7", 1000), ("19", 500)], [("7", 333), ("19", 167)]),
        ("50", [("0", 1), ("19", 0)], [("0", 1)]),
        ("0", [("19", 100)], []),
    ],
)
def test_it_is_so_much_of_each_rate_half_up(percent, ordered, asked):
    rates = [{"tax_percent": Decimal(rate), "tax_code": None, "net": net} for rate, net in ordered]
    lines = list(deposit_lines(rates, percent=Decimal(percent), order_number="SO-1"))
    assert [(str(line["tax_percent"]), line["unit_price"]) for line in lines] == asked
    assert {line["description"] for line in lines} <= {f"Deposit of {percent} % for order SO-1"}


def test_nothing_is_asked_before_supply_of_an_order_that_is_ended():
    require_running("SO-1", is_ended=False)
    with pytest.raises(Conflict, match="SO-1 is completed or cancelled") as refused:
        require_running("SO-1", is_ended=True)
    assert refused.value.code == "order_ended"
