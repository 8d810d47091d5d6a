"""Lists of orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import NotFound
from services.sales.orders.queries import get_order, list_orders

pytestmark = pytest.mark.server

ALL: dict[str, Any] = {
    "account_id": None,
    "status": None,
    "ordered_from": None,
    "ordered_to": None,
    "limit": 50,
    "after": None,
}


@pytest.fixture
def orders(shop: Any) -> dict[str, str]:
    """What each order is called, by its id; two accounts, three days."""
    first, second = shop.open_account(account_id=FIRST), shop.open_account()
    named = {
        "early": shop.draft(first, today=date(2026, 1, 1)),
        "late": shop.draft(first, today=date(2026, 1, 3)),
        "middle": shop.confirm(shop.draft(first, today=date(2026, 1, 2))),
        "other": shop.draft(second, today=date(2026, 1, 2)),
    }
    return {order.order_id: name for name, order in named.items()}


FIRST, NOBODY = new_id("acc"), new_id("acc")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["late", "other", "middle", "early"]),
        ({"account_id": FIRST}, ["late", "middle", "early"]),
        ({"status": "confirmed"}, ["middle"]),
        ({"ordered_from": date(2026, 1, 2)}, ["late", "other", "middle"]),
        ({"ordered_to": date(2026, 1, 2)}, ["other", "middle", "early"]),
        ({"account_id": FIRST, "status": "draft", "ordered_to": date(2026, 1, 1)}, ["early"]),
        ({"account_id": NOBODY}, []),
    ],
)
def test_orders_are_listed_newest_first_by_filter(
    session: Session, orders: dict[str, str], filters: dict[str, Any], names: list[str]
) -> None:
    page = list_orders(session, **ALL | filters)
    listed = [orders[order.order_id] for order in page["items"]]
    assert sorted(listed) == sorted(names)
    days = [order.ordered_on for order in page["items"]]
    assert days == sorted(days, reverse=True)


def test_orders_of_one_day_are_listed_by_number_as_people_read_it(
    session: Session, shop: Any
) -> None:
    account_id = shop.open_account()
    numbers = ["SO-1000000", "SO-999999", "SO-100001"]
    for number in [numbers[1], numbers[0], numbers[2]]:
        shop.draft(account_id).number = number
    session.flush()
    first = list_orders(session, **ALL | {"account_id": account_id, "limit": 1})
    others = list_orders(session, **ALL | {"account_id": account_id, "after": first["next_after"]})
    assert [order.number for order in first["items"] + others["items"]] == numbers


def test_pages_meet_without_gap_or_overlap(session: Session, orders: dict[str, str]) -> None:
    seen: list[str] = []
    after = None
    while True:
        page = list_orders(session, **ALL | {"limit": 1, "after": after})
        seen += [orders[order.order_id] for order in page["items"]]
        if not page["has_more"]:
            break
        after = page["next_after"]
    assert sorted(seen) == ["early", "late", "middle", "other"]


def test_an_unknown_order_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_order(session, order_id=new_id("ord"))
