"""When products are to be ordered anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.refusals import Conflict, NotFound
from services.sales.counts.rules import see
from services.sales.reorders import queries, usecases
from tests.services.sales.store import TODAY, Store

pytestmark = pytest.mark.server

KIM = see("kim", {"sales:read"})


def put(session: Session, product_id: str, reorder_at: str) -> dict[str, Any]:
    return usecases.set_reorder_level(
        session,
        product_id=product_id,
        reorder_at=Decimal(reorder_at),
        order_quantity=Decimal(20),
        onlooker=KIM,
        today=TODAY,
    )


def reached(session: Session, *product_ids: str, is_reached: bool | None = True) -> list[str]:
    page = queries.list_reorder_levels(
        session, is_reached=is_reached, onlooker=KIM, today=TODAY, limit=500, after=None
    )
    return [one["sku"] for one in page["items"] if one["product_id"] in product_ids]


def test_what_is_available_and_no_more_than_the_level_is_listed(
    session: Session, store: Store
) -> None:
    tea, cup, jar = (store.offer(sku=sku) for sku in ("TEA-L", "CUP-L", "JAR-L"))
    store.move(tea, "5")
    store.move(cup, "5")
    store.reserve(store.want(cup, "2"))
    for product_id, level in ((tea, "4"), (cup, "3"), (jar, "0")):
        put(session, product_id, level)
    assert reached(session, tea, cup, jar) == ["CUP-L", "JAR-L"]
    assert reached(session, tea, cup, jar, is_reached=False) == ["TEA-L"]
    assert reached(session, tea, cup, jar, is_reached=None) == ["CUP-L", "JAR-L", "TEA-L"]


def test_it_is_told_what_is_coming(session: Session, store: Store) -> None:
    tea = store.offer()
    store.plan(tea, "8", moved_on=date(2026, 3, 25))
    store.plan(tea, "8", moved_on=date(2026, 3, 5))
    store.plan(tea, "-5", moved_on=date(2026, 3, 25))
    told = put(session, tea, "4")
    assert (told["available"], told["coming"], told["is_reached"]) == (0, 8, True)
    assert (told["reorder_at"], told["order_quantity"], told["version"]) == (4, 20, 1)
    assert put(session, tea, "6")["version"] == 2


def test_a_level_is_taken_away_once(session: Session, store: Store) -> None:
    tea = store.offer(sku="TEA-L")
    put(session, tea, "4")
    usecases.remove_reorder_level(session, product_id=tea)
    assert reached(session, tea) == []
    with pytest.raises(NotFound) as refused:
        usecases.remove_reorder_level(session, product_id=tea)
    assert refused.value.code == "reorder_level_not_found"


def test_what_is_not_kept_in_stock_has_no_level(session: Session, store: Store) -> None:
    with pytest.raises(Conflict) as refused:
        put(session, store.offer(is_stocked=False), "4")
    assert refused.value.code == "product_not_stocked"
