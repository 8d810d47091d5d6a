"""What is announced of an item says what of it may not be asked for."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.server


def test_every_snapshot_of_an_item_says_what_of_it_may_not_be_asked_for(
    books: Any, account: str
) -> None:
    books.pay(account, books.bill(account, 10000).total)
    [allocation_id] = books.allocation_ids()
    books.reverse_allocation(allocation_id)
    books.void(books.bill(account, 500))
    issued = books.announced("InvoiceIssued", "InvoiceVoided")
    changed = books.announced("AllocationMade", "AllocationReversed")
    items = [item for each in issued for item in each["items"]] + [each["item"] for each in changed]
    assert len(items) == 5
    for item in items:
        assert (item["in_flight"], item["disputed"], item["written_off"]) == (0, 0, 0)
        assert item["kind"] == "invoice"
