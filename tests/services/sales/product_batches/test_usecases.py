"""Many products are offered at once, each once and each by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.sales.product_batches import schemas
from services.sales.product_batches.usecases import offer_batch
from services.sales.products import usecases as alone
from services.sales.products.models import Product
from services.sales.products.queries import find_products, list_products
from services.sales.products.schemas import NewProduct
from tests.services.sales.dispatches.test_usecases import counted

pytestmark = pytest.mark.server

FACTS = [column.name for column in Product.__table__.columns]
OWN = {"product_id", "sku", "search_key"}


def row(sku: str, **facts: Any) -> dict[str, Any]:
    price = {"unit_price": 1000, "currency": "EUR", "tax_percent": "19.00"}
    return {"sku": sku, "name": "Chair", **price, **facts}


def offer(session: Session, *rows: dict[str, Any]) -> Any:
    loaded = schemas.NewProductBatch().load({"products": [*rows]})
    return schemas.ProductBatch().dump(offer_batch(session, **loaded))


def read(session: Session, sku: str) -> Product:
    """As it is stored, whatever the session has of it."""
    session.expire_all()
    return session.scalars(select(Product).where(Product.sku == sku)).one()


def ends(answer: Any) -> list[Any]:
    return [one.get("code", one.get("is_new")) for one in answer["results"]]


def test_each_is_offered_found_or_refused_in_its_place(session: Session, shop: Any) -> None:
    shop.offer(sku="CHAIR")
    shop.offer(sku="STOOL", unit_price=500)
    answer = offer(
        session,
        row("TABLE", is_stocked=True, unit="box", pack_size="2"),
        row("CHAIR"),
        row("STOOL"),
        row("BED", unit_price=-1),
        row("TABLE"),
        row("TABLE", unit="kg"),
        row("LAMP"),
    )
    assert ends(answer) == [True, False, "sku_taken", "invalid_fields", False, "sku_taken", True]
    assert (answer["offered"], answer["found"], answer["refused"]) == (2, 2, 3)
    assert [one["index"] for one in answer["results"]] == list(range(7))
    stool = answer["results"][2]
    assert stool["detail"] == (
        "There is a product STOOL already, with unit_price 500; say the same, edit that one, or choose "
        "another sku."
    )
    assert stool["errors"] == [{"field": "unit_price", "detail": "It is 500 there."}]
    assert answer["results"][5]["errors"] == [{"field": "unit", "detail": "It is box there."}]
    table = read(session, "TABLE")
    assert {one.get("product_id") for one in answer["results"][::4]} == {table.product_id}
    assert (table.is_stocked, table.unit, table.pack_size, table.version) == (True, "box", 2, 1)


def test_a_list_that_is_sent_again_offers_nothing_twice_and_changes_nothing(
    session: Session,
) -> None:
    first = offer(session, row("CHAIR"), row("STOOL"))
    alone.edit_product(session, product_id=first["results"][0]["product_id"], is_stocked=True)
    alone.retire_product(session, product_id=first["results"][1]["product_id"])
    again = offer(session, row("LAMP"), row("STOOL"), row("CHAIR"))
    assert ends(again) == [True, False, False]
    assert [one["is_active"] for one in again["results"]] == [True, False, True]
    assert (read(session, "CHAIR").version, read(session, "STOOL").is_active) == (2, False)


def test_nothing_is_announced_of_products_as_when_one_is_offered(
    session: Session, shop: Any
) -> None:
    offer(session, row("CHAIR"), row("STOOL"))
    shop.offer(sku="TABLE")
    assert shop.announced() == []


def test_what_was_offered_by_a_batch_is_edited_and_found_at_once(session: Session) -> None:
    [one] = offer(session, row("SHEET", name="Grünes Laken"))["results"]
    edited = alone.edit_product(session, product_id=one["product_id"], unit_price=1200)
    assert (edited.unit_price, edited.version) == (1200, 2)
    page = list_products(session, search="gruen", is_active=True, limit=5, after=None)
    assert [product.sku for product in page["items"]] == ["SHEET"]


SAID = st.fixed_dictionaries(
    {"sku": st.sampled_from("ABC"), "unit_price": st.sampled_from([-1, 500, 700])},
    optional={
        "name": st.sampled_from(["Chair", "Stool"]),
        "currency": st.sampled_from(["EUR", "USD"]),
        "tax_percent": st.sampled_from(["7", "19.00"]),
        "is_stocked": st.booleans(),
        "unit": st.sampled_from(["piece", "kg"]),
        "pack_size": st.sampled_from(["1", "2.5"]),
    },
)


@given(batches=st.lists(st.lists(SAID, min_size=1, max_size=4), min_size=1, max_size=3))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_batch_is_what_its_products_are_one_after_the_other(
    session: Session, batches: list[list[dict[str, Any]]]
) -> None:
    at_once, by_one = new_id("sku"), new_id("sku")
    for batch in batches:
        answer = offer(session, *(row(**one) | {"sku": at_once + one["sku"]} for one in batch))
        found = [_offer_alone(session, row(**one) | {"sku": by_one + one["sku"]}) for one in batch]
        assert ends(answer) == found
    kept = [_facts(session, name) for name in (at_once, by_one)]
    assert kept[0] == kept[1]


def _offer_alone(session: Session, said: dict[str, Any]) -> Any:
    """What becomes of a product by the single route, and where it is there by looking at it."""
    if said["unit_price"] < 0:
        return "invalid_fields"
    loaded = NewProduct().load(said)
    try:
        alone.create_product(session, **loaded)
    except Conflict as refusal:
        there = read(session, said["sku"])
        is_same = all(getattr(there, name) == loaded[name] for name in said)
        return False if is_same else refusal.code
    return True


def _facts(session: Session, name: str) -> dict[str, Any]:
    session.expire_all()
    found = find_products(session, product_ids=(), skus=[name + one for one in "ABC"])
    return {
        one.sku[-1]: {fact: getattr(one, fact) for fact in FACTS if fact not in OWN}
        for one in found.values()
    }


def test_the_number_of_statements_does_not_grow_with_the_products(session: Session) -> None:
    def statements(count: int) -> int:
        rows = [row(new_id("sku")) for _ in range(count)]
        offer(session, *rows[: count // 2])
        session.expire_all()
        with counted(session) as sent:
            assert offer(session, *rows)["found"] == count // 2
        return len(sent)

    assert 0 < statements(50) <= statements(2) == 2
