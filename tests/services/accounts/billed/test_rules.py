"""What several events together say of an invoice, and which days are the last twelve months."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from services.accounts.billed.rules import FACTS, last_twelve_months, merge_told

NAMED = {"invoice_id": "inv_1", "account_id": "acc_1", "number": "RE-1", "currency": "EUR"}
ISSUED = {"issued_on": date(2026, 3, 2), "net": 100, "total": 119, "order_id": None, "lines": []}
ISSUED["for_account_id"] = None
TOLD = [
    NAMED | ISSUED | {"is_void": False},
    NAMED | {"is_void": True},
    NAMED | ISSUED | {"is_void": False},
    NAMED | {"invoice_id": "inv_0", "is_void": True},
]


def test_an_invoice_is_as_it_was_issued_and_stays_void_in_whatever_order_that_is_told() -> None:
    for order in itertools.permutations(TOLD):
        only_void, invoice = merge_told(order)
        assert invoice == NAMED | ISSUED | {"is_void": True}
        unknown = dict.fromkeys(FACTS) | NAMED
        assert only_void == unknown | {"invoice_id": "inv_0", "is_void": True}


@pytest.mark.parametrize(
    ("upto", "first"),
    [
        (date(2026, 11, 26), date(2025, 11, 27)),
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2025, 2, 28), date(2024, 2, 29)),
    ],
)
def test_twelve_months_end_with_the_day_itself(upto: date, first: date) -> None:
    assert last_twelve_months(upto) == (first, upto)
