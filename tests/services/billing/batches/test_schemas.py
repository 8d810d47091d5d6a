"""Tests of batches as they come in."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Invalid
from services.billing.batches.schemas import NewInvoiceBatch

LINE = {"description": "x", "quantity": "1", "unit_price": 1, "tax_percent": "0.00"}


def load(*, lines: int) -> Any:
    invoice = {"account_id": new_id("acc"), "currency": "EUR", "lines": [LINE] * lines}
    [loaded] = NewInvoiceBatch().load({"invoices": [invoice]})["invoices"]
    return loaded


def test_an_invoice_has_up_to_1000_lines() -> None:
    assert len(load(lines=1000)["lines"]) == 1000


@pytest.mark.parametrize("lines", [0, 1001])
def test_one_with_none_or_more_is_refused_in_its_place(lines: int) -> None:
    refused = load(lines=lines)
    assert isinstance(refused, Invalid)
    assert [error["field"] for error in refused.errors] == ["lines"]
