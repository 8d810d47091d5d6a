"""A month in the stockroom: a blind count whose variance somebody else approves, and two reports."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


@pytest.fixture
def key_of(client: Client) -> Iterator[Callable[..., Client]]:
    """The gateway as somebody with some scopes calls it."""
    with ExitStack() as opened:

        def key_of(name: str, *scopes: str) -> Client:
            made = client.post("/v1/api-keys", {"name": new_id(name), "scopes": [*scopes]})
            holder = client.as_holder_of(made["key"])
            opened.callback(holder.close)
            return holder

        yield key_of


def receive(keeper: Client, product: dict[str, Any], quantity: str, day: date) -> None:
    receipt = {"product_id": product["product_id"], "quantity": quantity, "moved_on": str(day)}
    cost = {"unit_cost": 3000, "currency": "EUR"}
    done = keeper.post("/v1/stock-moves/receive", {"receipts": [{**receipt, **cost}]})
    assert done["received"] == 1


def wait_until(firm: Firm, day: date) -> None:
    firm.wait((day - firm.today).days)


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def report_of(keeper: Client, month: date) -> dict[str, Any]:
    [found] = [
        one for one in keeper.list("/v1/inventory-reports") if one["month"] == f"{month:%Y-%m}"
    ]
    return found


def line_of(keeper: Client, report: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/inventory-reports/{report['inventory_report_id']}/lines"
    [line] = keeper.list(path, product_id=product["product_id"])
    return line


def file_of(keeper: Client, report: dict[str, Any], name: str) -> bytes:
    path = f"/v1/inventory-reports/{report['inventory_report_id']}/{name}"
    return keeper.send("GET", path).body


def test_a_blind_count_is_approved_by_another_person_and_two_months_are_reported(
    firm: Firm, client: Client, key_of: Callable[..., Client]
) -> None:
    bought_on, month = firm.today, firm.today.replace(day=1)
    keeper = key_of("keeper", "sales:read", "sales:write", "sales:approve")
    lead = key_of("lead", "sales:read", "sales:write", "sales:approve")
    lamp = {"sku": new_id("sku"), "name": "Lamp", "unit_price": 5000, "currency": "EUR"}
    product = client.post("/v1/products", {**lamp, "tax_percent": "20", "is_stocked": True})
    receive(keeper, product, "10", bought_on)

    named = {"product_id": product["product_id"]}
    count = keeper.post("/v1/counts", {"lines": [named], "is_blind": True})
    path = f"/v1/counts/{count['count_id']}"
    assert count["lines"][0]["expected"] is None
    assert named["product_id"] in [one["product_id"] for one in keeper.list("/v1/due-counts")]
    receive(keeper, product, "6", firm.today)
    entered = keeper.post(f"{path}/quantities", {"lines": [{**named, "quantity": "12"}]})
    assert (entered["lines"][0]["counted"], entered["lines"][0]["variance"]) == ("12", None)
    [line] = keeper.post(f"{path}/finish")["lines"]
    assert (line["expected"], line["variance"], line["variance_cost"]) == ("16", "-4", -12000)
    assert (line["quantity_ratio"], line["cost_ratio"]) == ("5.0000", "2.0000")

    reason = {"reason": "Four fell off the shelf."}
    with pytest.raises(Refused, match="403 approver_counted"):
        keeper.post(f"{path}/approve", reason)
    with pytest.raises(Refused, match="403 scope_missing"):
        key_of("helper", "sales:write").post(f"{path}/approve", reason)
    with pytest.raises(Refused, match="409 approval_missing"):
        keeper.post(f"{path}/post")
    assert lead.post(f"{path}/approve", reason)["status"] == "approved"
    assert keeper.post(f"{path}/post")["status"] == "posted"
    with pytest.raises(Refused, match="is posted, so one cannot post it; one can open another"):
        keeper.post(f"{path}/post")

    wait_until(firm, next_month(month))
    first = report_of(keeper, month)
    line = line_of(keeper, first, product)
    said = [line[name] for name in ("opening", "receipts", "should_be", "variance", "on_hand")]
    assert said == ["0", "16", "16", "-4", "12"]
    assert (line["value"], line["last_counted"]) == (36000, "12")
    content = file_of(keeper, first, "lines.csv")
    assert hashlib.sha256(content).hexdigest() == first["sha256"]
    assert file_of(keeper, first, "report.pdf").startswith(b"%PDF")

    receive(keeper, product, "3", bought_on)  # its paper was lost for a month
    wait_until(firm, next_month(firm.today))
    assert file_of(keeper, first, "lines.csv") == content
    second = report_of(keeper, next_month(month))
    line = line_of(keeper, second, product)
    said = [line[name] for name in ("opening", "corrections", "should_be", "variance", "on_hand")]
    assert said == ["12", "3", "15", "0", "15"]
    assert line["corrected"] == [{"month": str(month), "quantity": "3"}]
