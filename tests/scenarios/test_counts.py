"""A month in the stockroom: a blind count whose variance somebody else approves, and two reports."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
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


def receive(
    keeper: Client,
    product: dict[str, Any],
    quantity: str,
    day: date,
    *,
    unit_cost: int = 3000,
    **where: str,
) -> None:
    receipt = {"product_id": product["product_id"], "quantity": quantity, "moved_on": str(day)}
    cost = {"unit_cost": unit_cost, "currency": "EUR"}
    done = keeper.post("/v1/stock-moves/receive", {"receipts": [{**receipt, **cost, **where}]})
    assert done["received"] == 1


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def buy_in_a_reported_month(firm: Firm, keeper: Client, product: dict[str, Any]) -> dict[str, Any]:
    """Ten come in, in a month that is over and reported: by hand the one before this, as long as none is;
    the report."""
    if list(keeper.list("/v1/inventory-reports")):
        receive(keeper, product, "10", firm.today)
        month = firm.today.replace(day=1)
        wait_for_report(firm)
        return report_of(keeper, month)
    bought_on = firm.today.replace(day=1) - timedelta(days=5)
    receive(keeper, product, "10", bought_on)
    made: dict[str, Any] = keeper.post("/v1/inventory-reports", {"month": f"{bought_on:%Y-%m}"})
    return made


def wait_for_report(firm: Firm) -> None:
    firm.wait((next_month(firm.today) - firm.today).days)


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


def count_of(keeper: Client, product: dict[str, Any], **facts: Any) -> str:
    """The path of a count of a product."""
    lines = [{"product_id": product["product_id"]}]
    return f"/v1/counts/{keeper.post('/v1/counts', {'lines': lines, **facts})['count_id']}"


def offer(client: Client) -> dict[str, Any]:
    lamp = {"sku": new_id("sku"), "name": "Lamp", "unit_price": 5000, "currency": "EUR"}
    made: dict[str, Any] = client.post(
        "/v1/products", {**lamp, "tax_percent": "20", "is_stocked": True}
    )
    return made


def test_goods_that_move_meanwhile_are_expected_and_little_that_is_off_needs_nobody_else(
    firm: Firm, client: Client, key_of: Callable[..., Client]
) -> None:
    keeper = key_of("keeper", "sales:read", "sales:write")
    one, other = offer(client), offer(client)
    for product, there in ((one, "14"), (other, "14")):
        receive(keeper, product, there, firm.today, unit_cost=1800)
    for product, counted, variance, ratios in (
        (one, "19", "-1", ("1.0000", "0.3000")),
        (other, "20", "0", ("0", "0")),
    ):
        path = count_of(keeper, product)
        receive(keeper, product, "6", firm.today, unit_cost=1800)
        entered = {"product_id": product["product_id"], "quantity": counted}
        keeper.post(f"{path}/quantities", {"lines": [entered]})
        [line] = keeper.post(f"{path}/finish")["lines"]
        assert (line["expected"], line["variance"]) == ("20", variance)
        assert (line["quantity_ratio"], line["cost_ratio"]) == ratios
        assert not line["needs_approval"]
        keeper.post(f"{path}/post")
        counts = client.list("/v1/stock-moves", product_id=product["product_id"], kind="count")
        assert [move["quantity"] for move in counts] == ([variance] if variance != "0" else [])


def test_a_plan_has_counted_what_is_worth_most_and_its_day_is_on_the_list(
    firm: Firm, client: Client
) -> None:
    shelf = {"code": new_id("shelf")[:20].upper(), "name": "Shelf"}
    place_id = client.post("/v1/places", shelf)["place_id"]
    dear, cheap = offer(client), offer(client)
    for product, unit_cost in ((dear, 9000), (cheap, 100)):
        receive(client, product, "10", firm.today, unit_cost=unit_cost, place_id=place_id)
    plan = {"name": new_id("plan"), "place_id": place_id, "basis": "stock_value"}
    plan |= {"a_days": 30, "b_days": None, "c_days": None}
    path = f"/v1/count-plans/{client.post('/v1/count-plans', plan)['plan_id']}"
    firm.wait(1)
    [due] = client.list("/v1/due-counts", place_id=place_id)
    [line] = client.get(f"/v1/counts/{due['count_id']}")["lines"]
    assert (line["product_id"], line["value_class"]) == (dear["product_id"], "A")
    client.post(f"{path}/pause")
    client.post(f"/v1/counts/{due['count_id']}/cancel", {"reason": "Moved to another shelf."})
    assert list(client.list("/v1/due-counts", place_id=place_id)) == []


def test_a_blind_count_is_approved_by_another_person_and_two_months_are_reported(
    firm: Firm, client: Client, key_of: Callable[..., Client]
) -> None:
    keeper = key_of("keeper", "sales:read", "sales:write")
    lead, other = (
        key_of(name, "sales:read", "sales:write", "sales:approve") for name in ("lead", "other")
    )
    product = offer(client)
    first = buy_in_a_reported_month(firm, keeper, product)
    reported = file_of(keeper, first, "lines.csv")
    assert hashlib.sha256(reported).hexdigest() == first["sha256"]

    named = {"product_id": product["product_id"]}
    path = count_of(keeper, product, is_blind=True)
    assert keeper.get(path)["lines"][0]["expected"] is None
    assert named["product_id"] in [one["product_id"] for one in keeper.list("/v1/due-counts")]
    receive(keeper, product, "6", firm.today)
    shown = [one.get("/v1/stock", search=product["sku"])["items"][0] for one in (keeper, lead)]
    assert [one["on_hand"] for one in shown] == [None, "16"]
    entered = keeper.post(f"{path}/quantities", {"lines": [{**named, "quantity": "12"}]})
    assert (entered["lines"][0]["counted"], entered["lines"][0]["variance"]) == ("12", None)
    other.post(f"{path}/quantities", {"lines": [{**named, "quantity": "12"}]})
    [line] = keeper.post(f"{path}/finish")["lines"]
    assert (line["expected"], line["variance"], line["variance_cost"]) == ("16", "-4", -12000)
    assert (line["quantity_ratio"], line["cost_ratio"]) == ("5.0000", "2.0000")

    reason = {"reason": "Four fell off the shelf."}
    with pytest.raises(Refused, match="403 scope_missing"):
        keeper.post(f"{path}/approve", reason)
    with pytest.raises(Refused, match="403 approver_counted"):
        other.post(f"{path}/approve", reason)
    with pytest.raises(Refused, match="409 approval_missing"):
        keeper.post(f"{path}/post")
    assert lead.post(f"{path}/approve", reason)["status"] == "approved"
    assert keeper.post(f"{path}/post")["status"] == "posted"
    with pytest.raises(Refused, match="is posted, so it cannot be posted; open another"):
        keeper.post(f"{path}/post")

    receive(keeper, product, "3", firm.today.replace(day=1) - timedelta(days=1))  # found late
    month = firm.today.replace(day=1)
    wait_for_report(firm)
    assert file_of(keeper, first, "lines.csv") == reported
    second = report_of(keeper, month)
    line = line_of(keeper, second, product)
    names = ("opening", "corrections", "receipts", "should_be", "variance", "on_hand")
    assert [line[name] for name in names] == ["10", "3", "6", "19", "-4", "15"]
    assert (line["value"], line["last_counted"]) == (45000, "12")
    assert [one["quantity"] for one in line["corrected"]] == ["3"]
    assert file_of(keeper, second, "report.pdf").startswith(b"%PDF")
