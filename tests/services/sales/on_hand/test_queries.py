"""What is on hand, reserved and available, and what it is worth."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import NotFound
from services.sales.counts.rules import see
from services.sales.on_hand import queries
from services.sales.places.usecases import create_place
from tests.services.sales.store import NOW, TODAY, Store

pytestmark = pytest.mark.server


def view(**facts: Any) -> dict[str, Any]:
    known_at = facts.get("known_at")
    then = TODAY if known_at is None else known_at.date()
    asked: dict[str, Any] = {"as_of": None, "known_at": None, "today": TODAY, "now": NOW}
    asked["onlooker"] = see("kim", {"sales:read"})
    return asked | {"then": then} | facts


def listed(session: Session, search: str, **facts: Any) -> list[dict[str, Any]]:
    asked = {"search": search, "place_id": None, "limit": 50, "after": None}
    items: list[dict[str, Any]] = queries.list_stock(session, **asked | view(**facts))["items"]
    return items


def numbers(told: dict[str, Any]) -> tuple[Any, Any, Any]:
    return told["on_hand"], told["reserved"], told["available"]


def test_now_and_in_days_to_come_it_is_told_what_is_available(
    session: Session, store: Store
) -> None:
    tea = store.offer(sku="ZTEA-1")
    store.offer(sku="ZTEA-2")
    store.offer(sku="ZTEA-3", is_stocked=False)
    store.move(tea, "5", moved_on=date(2026, 3, 2))
    store.plan(tea, "8", moved_on=date(2026, 3, 25))
    store.reserve(store.want(tea, "3"))
    first, second = listed(session, "ztea")
    assert (numbers(first), numbers(second)) == ((5, 3, 2), (0, 0, 0))
    assert numbers(listed(session, "ztea-1", as_of=date(2026, 3, 25))[0]) == (13, 3, 10)
    assert numbers(listed(session, "ztea-1", as_of=date(2026, 3, 1))[0]) == (0, None, None)
    before = datetime(2026, 3, 18, 8, tzinfo=UTC)
    assert numbers(listed(session, "ztea-1", known_at=before)[0]) == (0, None, None)


def test_it_is_told_where_what_is(session: Session, store: Store) -> None:
    tea = store.offer(sku="ZTEA-1")
    hall = create_place(session, code="HALL-Z", name="Hall", now=NOW, by="kim").place_id
    store.move(tea, "5", place_id=hall)
    store.move(tea, "2")
    told = queries.get_stock(session, product_id=tea, **view())
    assert told["places"] == [
        {"place_id": None, "code": None, "on_hand": 2},
        {"place_id": hall, "code": "HALL-Z", "on_hand": 5},
    ]
    assert numbers(listed(session, "ztea-1", place_id=hall)[0]) == (5, None, None)
    with pytest.raises(NotFound) as refused:
        listed(session, "ztea-1", place_id=new_id("pla"))
    assert refused.value.code == "place_not_found"


def test_what_is_not_kept_in_stock_has_none(session: Session, store: Store) -> None:
    with pytest.raises(NotFound) as refused:
        queries.get_stock(session, product_id=store.offer(is_stocked=False), **view())
    assert refused.value.code == "product_not_stocked"
    with pytest.raises(NotFound):
        queries.get_stock(session, product_id=new_id("prd"), **view())


def test_it_is_told_what_it_is_worth_on_a_day(session: Session, store: Store) -> None:
    tea = store.offer(sku="ZTEA-1")
    store.move(tea, "5", moved_on=date(2026, 3, 1), unit_cost=100)
    store.move(tea, "5", moved_on=date(2026, 3, 3), unit_cost=300)
    store.move(tea, "-4", moved_on=date(2026, 3, 5))

    def worth(as_of: date) -> tuple[Decimal, int, Decimal]:
        asked: dict[str, Any] = {"search": "ztea", "limit": 50, "after": None}
        [told] = queries.list_stock_values(session, **asked, **view(as_of=as_of))["items"]
        return told["on_hand"], told["value"], told["average_cost"]

    days = [date(2026, 3, day) for day in (1, 4, 5)]
    assert [worth(day) for day in days] == [(5, 500, 200), (10, 2000, 200), (6, 1200, 200)]


def test_statements_do_not_grow_with_the_products(session: Session, store: Store) -> None:
    counts = []
    for number in (2, 50):
        for _ in range(number):
            store.move(store.offer(sku=f"Z{number}-{new_id('sku')}"), "1")
        asked: list[str] = []
        note = _note(asked)
        listen(session.connection(), "before_cursor_execute", note)
        assert len(listed(session, f"z{number}-")) == number
        remove(session.connection(), "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _note(asked: list[str]) -> Any:
    return lambda *given: asked.append(given[2])
