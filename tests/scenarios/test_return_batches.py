"""Many returns that are here already are taken in one request, credited, and in the report of sales."""

from __future__ import annotations

import pytest

from ops.client import Client
from tests.scenarios.firm import Firm
from tests.scenarios.test_returns import Shop

pytestmark = pytest.mark.server


def test_what_came_back_is_on_the_shelf_credited_and_in_the_report(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    brought = shop.buy({"quantity": -2, "unit_price": 1000})
    firm.wait()
    rows = [
        {
            "external_id": "C1",
            "order_id": shop.order["order_id"],
            "lines": [{"position": 1, "quantity": "3"}],
            "reason": "Too low.",
        },
        {"external_id": "C2", "for_order_id": brought["order_id"], "reason": "Never liked them."},
        {
            "external_id": "C3",
            "order_id": shop.order["order_id"],
            "lines": [{"position": 1, "quantity": "6"}],
            "reason": "Too low.",
        },
    ]
    answer = client.post("/v1/return-batches", {"returns": rows})
    assert (answer["done"], answer["refused"]) == (2, 1)
    assert answer["results"][2]["code"] == "more_than_shipped"
    firm.wait()

    assert shop.on_hand() == 2 + 3 + 2
    # 3 x 21.60 of the invoice, and 2 x 10.00 of none; 20 % tax
    assert sorted(shop.notes()) == [(2000, 400, 2400), (6480, 1296, 7776)]
    account_id = shop.account["account_id"]
    found = client.list("/v1/returns", account_id=account_id)
    assert {one["external_id"]: one["status"] for one in found} == {
        "C1": "credited",
        "C2": "credited",
    }
    again = client.post("/v1/return-batches", {"returns": rows[:2]})
    assert (again["done"], again["found"]) == (0, 2)

    asked = {"by": "account", "currency": "EUR", "account_id": account_id}
    [line] = client.get("/v1/reports/sales", **asked)["items"]
    assert (line["shipped"], line["shipped_net"]) == ("8", 17280)
    assert (line["returned"], line["credited_net"], line["net"]) == ("5", 8480, 8800)
