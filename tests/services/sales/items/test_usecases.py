"""Claims about the copy of items: the newest word of billing counts, in whatever order it comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from services.sales.items.queries import sum_due_before
from services.sales.items.usecases import keep_items

pytestmark = pytest.mark.server
TODAY = date(2026, 3, 10)


def item(item_id: str, version: int, balance: int, **values: Any) -> dict[str, Any]:
    known = {"item_id": item_id, "version": version, "balance": balance, "currency": "EUR"}
    return known | {"due_date": date(2026, 3, 1), "disputed": 0, "in_flight": 0} | values


def owed(session: Any, account_id: str, day: date = TODAY) -> int:
    key = account_id, "EUR"
    return sum_due_before(session, {key: day})[key]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([1, 2, 3, 3]), st.booleans())
def test_the_newest_version_stays_in_whatever_order_it_comes(
    session: Any, order: list[int], one_by_one: bool
) -> None:
    account_id, item_id = new_id("acc"), new_id("itm")
    balances = {1: 900, 2: 400, 3: 500}
    told = [
        {"account_id": account_id, "items": [item(item_id, each, balances[each])]} for each in order
    ]
    for each in [[one] for one in told] if one_by_one else [told]:
        keep_items(session, each)
    assert owed(session, account_id) == 500


def test_what_is_contested_or_on_its_way_is_not_asked_for(session: Any) -> None:
    account_id = new_id("acc")
    items = [
        item(new_id("itm"), 1, 1000, disputed=300, in_flight=200),
        item(new_id("itm"), 1, 70, due_date=TODAY - timedelta(days=1)),
        item(new_id("itm"), 1, 7, due_date=TODAY),
        item(new_id("itm"), 1, 9, currency="USD"),
    ]
    keep_items(session, [{"account_id": account_id, "items": items}])
    assert owed(session, account_id) == 570
    assert owed(session, account_id, TODAY + timedelta(days=1)) == 577
