"""An order from the draft to its amendments: what the client wants, is promised, and accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


def refused(client: Client, path: str, body: dict[str, Any] | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        client.post(path, body or {})
    return refusal.value.code


def offer(client: Client, unit_price: int = 10000) -> str:
    sku = new_id("sku")
    product = {"sku": sku, "name": "Chair", "unit_price": unit_price, "currency": "EUR"}
    client.post("/v1/products", {**product, "tax_percent": "19.00"})
    return sku


def of_line(line: dict[str, Any], *names: str) -> list[Any]:
    return [line[name] for name in names]


def test_an_order_goes_where_the_client_wants_it_under_the_clients_number(
    firm: Firm, client: Client
) -> None:
    account = firm.open_account()
    path = f"/v1/accounts/{account['account_id']}"
    client.patch(path, {"order_number_required": True})
    ramp = {"kind": "shipping", "street": ["1 Quay"], "city": "Dublin", "country": "IE"}
    client.post(f"{path}/addresses", ramp)
    bert = {"name": "Bert Low", "roles": ["shipping"], "email": "bert@example.com"}
    client.post(f"{path}/contacts", bert)
    firm.wait()
    promised = str(firm.today + timedelta(days=7))
    chair, lamp = offer(client), offer(client)
    lines = [
        {"sku": chair, "quantity": "5", "promised_on": promised},
        {"sku": lamp, "quantity": "-2"},
    ]
    past = [{**lines[0], "promised_on": str(firm.today - timedelta(days=1))}]
    new = {"account_id": account["account_id"], "lines": lines, "note": "Ring twice."}
    assert refused(client, "/v1/orders", {**new, "lines": past}) == "invalid_fields"
    assert refused(client, "/v1/orders", {**new, "ships_on": "payment"}) == "never_billed"
    order = client.post("/v1/orders", new)
    assert order["delivery_address"]["lines"] == ["1 Quay", "DUBLIN"]
    assert (order["delivery_contact"], order["total_gross"]) == ("Bert Low", 35700)

    one = f"/v1/orders/{order['order_id']}"
    assert refused(client, f"{one}/confirm") == "purchase_order_missing"
    client.patch(one, {"reference": "PO 45"})
    assert client.post(f"{one}/confirm")["open_gross"] == 59500
    firm.ship(order)
    order = client.get(one)
    out, back = order["lines"]
    assert of_line(out, "shipped", "open", "promised_on") == ["5", "0", promised]
    assert of_line(back, "is_return_line", "shipped", "returned", "open") == [True, "0", "0", "-2"]
    assert order["status"] == "processing"
    assert refused(client, f"{one}/shipments") == "nothing_to_send"
    more = {"reason": "Three.", "change_lines": [{"line_id": back["line_id"], "quantity": "-3"}]}
    assert refused(client, f"{one}/amend", more) == "return_opened"
    [returned] = client.list("/v1/returns", account_id=account["account_id"])
    client.post(f"/v1/returns/{returned['return_id']}/decline", {"reason": "They stay."})
    off = {
        "reason": "They stay.",
        "change_lines": [{"line_id": back["line_id"], "is_cancelled": True}],
    }
    assert client.post(f"{one}/amend", off)["status"] == "done"
    [invoice] = firm.invoices(account)
    assert (invoice["total"], invoice["client_order_number"]) == (59500, "PO 45")


def test_an_order_is_placed_again_and_amended_within_the_credit(firm: Firm, client: Client) -> None:
    account = firm.open_account(credit_limit=150000)
    chair, lamp = offer(client), offer(client)
    lines = [{"sku": chair, "quantity": "4"}, {"sku": lamp, "quantity": "1"}]
    new = {"account_id": account["account_id"], "lines": lines}
    first = client.post("/v1/orders", new)
    [product] = client.list("/v1/products", search=lamp)
    client.post(f"/v1/products/{product['product_id']}/retire")
    path = f"/v1/orders/{first['order_id']}/copy"
    assert refused(client, path) == "product_retired"
    again = client.post(path, {"leaves_out_retired": True})
    assert [line["sku"] for line in again["lines"]] == [chair]
    assert [one["code"] for one in again["warnings"]] == ["product_retired", "same_in_draft"]
    assert again["warnings"][1]["number"] == first["number"]

    one = f"/v1/orders/{again['order_id']}"
    client.post(f"{one}/confirm")
    line_id = again["lines"][0]["line_id"]
    because = {"reason": "Two rooms more."}
    change = {"line_id": line_id, "quantity": "13"}
    assert refused(client, f"{one}/amend", {**because, "change_lines": [change]}) == (
        "credit_limit_exceeded"
    )
    desk = offer(client, 5000)
    said = {"accepted_by": "Jutta Low", "accepted_how": "email"}
    amended = client.post(
        f"{one}/amend",
        {
            **because,
            "reference": "PO 46",
            "change_lines": [{**change, "quantity": "6"}],
            "add_lines": [{"sku": desk, "quantity": "2"}],
            "acceptance": said,
        },
    )
    assert (amended["total_net"], amended["reference"]) == (70000, "PO 46")
    old, now = client.list(f"{one}/versions")
    assert of_line(old, "revision", "total_net", "accepted_by") == [1, 40000, None]
    assert of_line(now, "revision", "total_net", "accepted_by") == [2, 70000, "Jutta Low"]
    assert [(each["field"], each["before"], each["after"]) for each in now["changes"]] == [
        ("reference", None, "PO 46"),
        ("quantity", "4", "6"),
        ("quantity", None, "2"),
        ("unit_price", None, "5000"),
    ]
    assert client.post(f"{one}/versions/1/accept", said)["accepted_on"] == str(firm.today)
    assert refused(client, f"{one}/versions/1/accept", said) == "already_accepted"

    firm.ship(amended, **{chair: 5})
    less = {"reason": "One room less.", "change_lines": [{**change, "quantity": "4"}]}
    assert refused(client, f"{one}/amend", less) == "below_shipped"
    less["change_lines"] = [
        {**change, "quantity": "5"},
        {"line_id": amended["lines"][1]["line_id"], "is_cancelled": True},
    ]
    assert client.post(f"{one}/amend", less)["status"] == "done"
    firm.wait()
    told = [
        entry["name"] for entry in client.list(f"/v1/accounts/{account['account_id']}/timeline")
    ]
    assert told.count("order_amended") == 2
    assert "order_completed" in told


def test_a_bill_that_waits_for_the_clients_number_goes_out_when_it_comes(
    firm: Firm, client: Client
) -> None:
    account = firm.open_account()
    path = f"/v1/accounts/{account['account_id']}"
    monthly = {"bills": "monthly", "reason": "One bill a month is enough."}
    client.put(f"{path}/billing-routine", monthly)
    lines = [{"sku": offer(client), "quantity": "2"}]
    order = client.post("/v1/orders", {"account_id": account["account_id"], "lines": lines})
    one = f"/v1/orders/{order['order_id']}"
    client.post(f"{one}/confirm")
    firm.ship(order, **{lines[0]["sku"]: 1})
    client.patch(path, {"order_number_required": True})
    firm.wait()
    asked = {"cutoff_on": str(firm.today), "accounts": [account["account_id"]]}
    run = f"/v1/billing-runs/{client.post('/v1/billing-runs', asked)['billing_run_id']}"
    firm.wait()
    [bill] = client.list(f"{run}/items")
    assert of_line(bill, "status", "reason") == ["parked", "order_number_missing"]
    client.post(f"{one}/amend", {"reason": "The number came.", "reference": "PO 47"})
    firm.wait()
    [bill] = client.list(f"{run}/items")
    assert of_line(bill, "status", "reason") == ["pending", None]
