"""A firm brings its price list along: products are offered by batches, and sold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


def test_a_list_that_two_send_at_once_is_offered_once_and_sold(firm: Firm, client: Client) -> None:
    name = new_id("sku")
    price = {"name": "Tin", "unit_price": 300, "currency": "EUR", "tax_percent": "20.00"}
    products: list[Any] = [{"sku": f"{name}-{number}", **price} for number in range(100)]

    def send(rows: list[Any]) -> Any:
        return client.post("/v1/product-batches", {"products": rows}, key=new_id("key"))

    with ThreadPoolExecutor(2) as pool:
        answers = [*pool.map(send, [products, products[::-1]])]
    ends = [(one["offered"], one["found"], one["refused"]) for one in answers]
    assert sorted(ends) == [(0, 100, 0), (100, 0, 0)]
    changed = [{**products[0], "unit_price": 350}, products[1], {**products[2], "sku": "A B"}]
    answer = send(changed)
    assert (answer["offered"], answer["found"], answer["refused"]) == (0, 1, 2)
    other, _, broken = answer["results"]
    assert (other["code"], other["errors"][0]["field"]) == ("sku_taken", "unit_price")
    assert (broken["code"], broken["errors"][0]["field"]) == ("invalid_fields", "sku")
    line = {"sku": products[0]["sku"], "quantity": "2"}
    account_id = firm.open_account()["account_id"]
    order = client.post("/v1/orders", {"account_id": account_id, "lines": [line]})
    assert order["total_gross"] == 720
