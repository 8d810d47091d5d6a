"""What is sold, and how it is found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.sales.products import queries, usecases

pytestmark = pytest.mark.server


def skus(session: Session, **filters: Any) -> list[str]:
    everything = {"search": None, "is_active": None, "limit": 50, "after": None}
    page = queries.list_products(session, **everything | filters)
    return [product.sku for product in page["items"]]


def test_a_sku_names_one_product_for_ever(session: Session, shop: Any) -> None:
    chair = shop.offer(sku="CHAIR")
    usecases.retire_product(session, product_id=chair.product_id)
    with pytest.raises(Conflict) as refused:
        shop.offer(sku="CHAIR")
    assert refused.value.code == "sku_taken"


def test_editing_changes_what_was_given_and_the_version(session: Session, shop: Any) -> None:
    chair = shop.offer(unit_price=1000)
    edited = usecases.edit_product(session, product_id=chair.product_id, unit_price=1200)
    assert (edited.unit_price, edited.tax_percent, edited.version) == (1200, Decimal(19), 2)


def test_a_retired_product_can_be_reinstated(session: Session, shop: Any) -> None:
    chair = shop.offer(sku="CHAIR")
    usecases.retire_product(session, product_id=chair.product_id)
    assert skus(session, is_active=True) == []
    usecases.reinstate_product(session, product_id=chair.product_id)
    assert skus(session, is_active=True) == ["CHAIR"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("chair", ["CHAIR", "STOOL"]),
        ("STO", ["STOOL"]),
        ("ottom", ["SHEET-01"]),
        ("sheet-0", ["SHEET-01"]),
        ("gruen", ["SHEET-01"]),
        ("GRÜN", ["SHEET-01"]),
        ("%", []),
        ("_", []),
        ("bed", []),
    ],
)
def test_search_finds_part_of_sku_or_name_however_it_is_spelt(
    session: Session, shop: Any, search: str, found: list[str]
) -> None:
    shop.offer(sku="CHAIR", name="Seat")
    shop.offer(sku="STOOL", name="A small chair")
    sheet = shop.offer(sku="SHEET-01", name="100% cotton")
    usecases.edit_product(session, product_id=sheet.product_id, name="Grünes Laken, cottom")
    assert sorted(skus(session, search=search)) == sorted(found)


def test_pages_meet_without_gap_or_overlap(session: Session, shop: Any) -> None:
    for number in range(5):
        shop.offer(sku=f"P-{number}")
    first = queries.list_products(session, search=None, is_active=None, limit=2, after=None)
    rest = skus(session, after=first["next_after"])
    assert [product.sku for product in first["items"]] + rest == [f"P-{n}" for n in range(5)]


def test_an_unknown_product_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.get_product(session, product_id=new_id("prd"))
    with pytest.raises(NotFound):
        usecases.retire_product(session, product_id=new_id("prd"))
