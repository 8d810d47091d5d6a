"""Sales as a caller meets it: JSON in, JSON out, one transaction each."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict, Forbidden, NotFound, VersionMismatch
from services import sales
from services.sales.events import ShipmentSent
from services.sales.orders import events
from services.sales.service import Sales
from tests.services.client import Client

pytestmark = pytest.mark.server
SELLER = Caller("kim", frozenset({"sales:read", "sales:write"}))


@pytest.fixture
def client(client: Client) -> Client:
    client.caller = SELLER
    return client


def known(client: Client, **facts: Any) -> str:
    account_id = new_id("acc")
    account = {"version": 1, "number": "A-1", "status": "active", "currency": "EUR"}
    account |= {"account_id": account_id, "credit_limit": 100_000, "name": "not needed here"}
    client.hear("keep_accounts", **account | facts)
    return account_id


def chair(client: Client) -> Any:
    return client.call(
        "create_product",
        sku="CHAIR",
        name="Chair",
        unit_price=10_000,
        currency="EUR",
        tax_percent="19.00",
    )


def test_from_product_to_invoice(client: Client) -> None:
    account_id, product = known(client), chair(client)
    assert client.call("get_product", product_id=product["product_id"]) == product
    lines = [{"sku": "CHAIR", "quantity": "3", "discount_percent": "10"}]
    order = client.call("create_order", account_id=account_id, lines=lines, reference="PO-7")
    path = {"order_id": order["order_id"]}

    order = client.call("add_order_lines", **path, lines=[{"sku": "CHAIR", "quantity": 1}])
    second = order["lines"][1]["line_id"]
    client.call("change_order_line", **path, line_id=second, quantity="2", unit_price=1)
    client.call("remove_order_line", **path, line_id=second)
    client.call("edit_order", **path, reference=None)
    order = client.call("confirm_order", **path)
    assert (order["status"], order["total_gross"], order["version"]) == ("confirmed", 32_130, 6)

    sent = [{"line_id": order["lines"][0]["line_id"], "quantity": "1"}]
    shipment = client.call("send_shipment", **path, lines=sent)
    assert client.call("get_shipment", shipment_id=shipment["shipment_id"]) == shipment
    assert client.call("list_shipments", **path)["items"] == [shipment]

    invoice = {"invoice_id": new_id("inv"), "currency": "EUR", "total": 10_710, **path}
    balance = {"version": 1, "open": 10_710, "unapplied": 0, "balance": 10_710}
    client.hear(
        "record_invoice",
        account_id=account_id,
        **invoice,
        shipment_id=shipment["shipment_id"],
        account_balance=balance,
    )
    standing = client.call("get_standing", account_id=account_id)
    client.hear("keep_balances", account_id=account_id, currency="EUR", **balance)
    old = {"account_id": account_id, "invoice_id": new_id("inv"), "currency": "EUR", "total": 1}
    client.hear("record_invoice", **old, order_id=None, shipment_id=None)  # billing before it told
    assert client.call("get_standing", account_id=account_id) == standing
    assert (standing["balance"], standing["open_orders"]) == (10_710, 21_420)
    assert standing["available"] == 100_000 - 32_130

    assert client.call("cancel_order", **path, reason="Enough.")["status"] == "done"
    [listed] = client.call("list_orders", account_id=account_id, status="done")["items"]
    assert listed == {
        name: value
        for name, value in client.call("get_order", **path).items()
        if name not in ("lines", "warnings")
    }


def test_a_held_account_is_refused_until_the_hold_is_lifted(client: Client) -> None:
    account_id, _ = known(client), chair(client)
    order = client.call(
        "create_order", account_id=account_id, lines=[{"sku": "CHAIR", "quantity": 1}]
    )
    client.hear("keep_credit_holds", account_id=account_id, version=1, reason="level 3")
    with pytest.raises(Conflict, match="level 3"):
        client.call("confirm_order", order_id=order["order_id"])
    client.hear(
        "keep_credit_holds",
        event="credit_hold_lifted",
        account_id=account_id,
        version=2,
        reason="paid",
    )
    assert client.call("confirm_order", order_id=order["order_id"])["status"] == "confirmed"


def test_retired_products_are_listed_as_such(client: Client) -> None:
    product_id = chair(client)["product_id"]
    client.call("edit_product", product_id=product_id, name="Armchair")
    client.call("retire_product", product_id=product_id)
    [listed] = client.call("list_products", search="arm", is_active="false")["items"]
    assert (listed["product_id"], listed["version"]) == (product_id, 3)
    assert client.call("reinstate_product", product_id=product_id)["is_active"]


def test_whoever_may_only_read_changes_nothing(client: Client) -> None:
    reader = Caller("eve", frozenset({"sales:read"}))
    with pytest.raises(Forbidden):
        client.call("confirm_order", caller=reader, order_id=new_id("ord"))


def test_a_change_on_top_of_a_stale_version_is_refused(client: Client) -> None:
    account_id, _ = known(client), chair(client)
    lines = [{"sku": "CHAIR", "quantity": 1}]
    order = client.call("create_order", account_id=account_id, lines=lines)
    path = {"order_id": order["order_id"]}
    changed = client.call("edit_order", **path, reference="PO-1", if_match=order["version"])
    with pytest.raises(VersionMismatch):
        client.call("edit_order", **path, reference="PO-2", if_match=order["version"])
    assert client.call("get_order", **path) == changed


def test_who_may_see_some_accounts_orders_for_those_alone(client: Client) -> None:
    mine, other, _ = known(client), known(client), chair(client)
    lines = [{"sku": "CHAIR", "quantity": 1}]
    order = client.call("create_order", account_id=other, lines=lines)
    limited = Caller("lee", SELLER.scopes, accounts=frozenset({mine}))
    client.call("create_order", caller=limited, account_id=mine, lines=lines)
    listed = client.call("list_orders", caller=limited)["items"]
    assert [each["account_id"] for each in listed] == [mine]
    for endpoint, values in (
        ("get_order", {"order_id": order["order_id"]}),
        ("confirm_order", {"order_id": order["order_id"]}),
        ("send_shipment", {"order_id": order["order_id"]}),
        ("create_order", {"account_id": other, "lines": lines}),
        ("get_standing", {"account_id": other}),
    ):
        with pytest.raises(NotFound):
            client.call(endpoint, caller=limited, **values)


@pytest.mark.parametrize(
    "event",
    [events.OrderConfirmed, events.OrderCancelled, events.OrderCompleted, ShipmentSent],
)
def test_examples_of_events_are_true_to_their_schema(event: type[events.AccountEvent]) -> None:
    assert event().dump(event().load(event.example)) == event.example


def test_every_subscription_is_handled() -> None:
    heard = {
        one
        for name, contract in Sales.contracts.items()
        for one in getattr(contract, "subscriptions", ())
        if not Sales.methods[name].__module__.startswith("chassis.")
    }
    folders = pkgutil.iter_modules(sales.__path__, "services.sales.")
    names = [
        "services.sales.subscriptions",
        *(f"{each.name}.subscriptions" for each in folders if each.ispkg),
    ]
    modules = [import_module(name) for name in names if find_spec(name)]
    members = [member for module in modules for member in vars(module).values()]
    families = [member if isinstance(member, tuple) else (member,) for member in members]
    declared = {one for family in families for one in family if hasattr(one, "source")}
    assert heard == declared
