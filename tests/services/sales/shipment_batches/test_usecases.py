"""Many shipments are moved at once, each by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from services.sales.shipment_batches import schemas
from services.sales.shipment_batches.usecases import move_shipments
from services.sales.shipments.rules import Step
from tests.services.sales.dispatches.test_usecases import Yard, counted

pytestmark = pytest.mark.server


@pytest.fixture
def yard(shop: Any) -> Yard:
    return Yard(shop)


def send(yard: Yard, *rows: dict[str, Any]) -> Any:
    loaded = schemas.NewShipmentBatch().load({"shipments": [*rows]})
    return schemas.ShipmentBatch().dump(move_shipments(yard.session, **loaded, **yard.when))


def test_each_is_done_or_refused_by_itself_in_its_place(yard: Yard) -> None:
    order, other = yard.order("5"), yard.order("2")
    ready = yard.move(yard.draft(order, "1"), Step.ASSIGN)
    [line] = order.lines
    part = {"line_id": line.line_id, "quantity": "3"}
    answer = send(
        yard,
        {"move": "send", "order_id": order.order_id, "lines": [part]},
        {"move": "pick", "shipment_id": ready.shipment_id},
        {"move": "fly", "order_id": order.order_id},
        {"move": "ship", "order_id": order.order_id},
        {"move": "send", "order_id": order.order_id, "lines": [part]},
        {"move": "send", "order_id": other.order_id, "rest_promised_on": "2026-03-20"},
    )
    assert (answer["done"], answer["refused"]) == (3, 3)
    assert [one.get("status") or one["code"] for one in answer["results"]] == [
        "shipped",
        "picked",
        "invalid_fields",
        "order_or_shipment",
        "more_than_open",
        "shipped",
    ]
    assert answer["results"][2]["errors"][0]["field"] == "move"
    assert [one["index"] for one in answer["results"]] == list(range(6))
    assert line.quantities.shipped == Decimal(3)


def test_the_statements_do_not_grow_with_the_batch(yard: Yard) -> None:
    def statements(count: int) -> int:
        rows = [{"move": "send", "order_id": yard.order("5").order_id} for _ in range(count)]
        yard.session.expire_all()
        with counted(yard.session) as sent:
            assert send(yard, *rows)["refused"] == 0
        return len(sent)

    assert statements(2) == statements(50)
