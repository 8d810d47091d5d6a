"""Goods that come back, are billed by the month, or paid in part before they are sent."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.events import Event
from dev.servers import Servers
from kernel.ids import new_id
from ops.client import Client, Refused
from services.sales.deposits.events import DepositAsked
from tests.scenarios.firm import Firm
from tests.scenarios.playing import announce_as

pytestmark = pytest.mark.server


class Shop:
    """A client who buys one thing by the piece, and what sales does not announce by itself yet."""

    def __init__(self, firm: Firm, servers: Servers, *, unit_price: int, tax: str) -> None:
        self.firm, self.client, self.servers = firm, firm.client, servers
        self.account = firm.open_account()
        self.sku = new_id("sku")
        product = {"sku": self.sku, "name": "Chair", "unit_price": unit_price, "currency": "EUR"}
        self.client.post("/v1/products", {**product, "tax_percent": tax})

    def order(self, quantity: int, *, discount: str = "0", **facts: Any) -> dict[str, Any]:
        line = {"sku": self.sku, "quantity": str(quantity), "discount_percent": discount}
        names = {"account_id": self.account["account_id"], "lines": [line]}
        draft = self.client.post("/v1/orders", names | facts)
        order: dict[str, Any] = self.client.post(f"/v1/orders/{draft['order_id']}/confirm")
        return order

    def announce(self, event: type[Event], order: dict[str, Any], **facts: Any) -> None:
        """Have sales announce something of an order."""
        same = {"account_id": order["account_id"], "order_id": order["order_id"]}
        announce_as("sales", self.firm, self.servers, event, **same | facts)

    def billing(self, order: dict[str, Any]) -> list[int]:
        """What of the order's line was shipped, came back, is billed, credited and to be billed."""
        [line] = self.client.get(f"/v1/orders/{order['order_id']}/billing")["lines"]
        names = ("shipped", "returned", "billed", "credited", "to_bill")
        return [int(line[name]) for name in names]

    def pending(self) -> list[str]:
        account_id = self.account["account_id"]
        found = self.client.list("/v1/billables", account_id=account_id, is_pending="true")
        return [one["pending"] for one in found]

    def totals(self) -> list[int]:
        return [invoice["total"] for invoice in self.firm.invoices(self.account)]


def test_of_three_that_come_back_two_are_accepted_and_credited_less_a_fee(
    firm: Firm, client: Client, servers: Servers
) -> None:
    shop = Shop(firm, servers, unit_price=2400, tax="20.00")
    order = shop.order(8, discount="10")
    firm.ship(order)
    path = firm.take_back(order, 3, rejected=1, fee="5")
    [note] = client.list("/v1/credit-notes", account_id=order["account_id"])
    assert (note["net"], note["tax"], note["total"]) == (4104, 821, 4925)
    assert path.endswith(note["return_id"])
    lines = client.get(f"/v1/credit-notes/{note['credit_note_id']}")["lines"]
    assert [line["net"] for line in lines] == [4320, -216]
    assert firm.balance(shop.account)["open"] == 20736 - 4925
    assert shop.billing(order) == [8, 2, 8, 2, 0]
    with pytest.raises(Refused, match="more_than_shipped"):
        firm.take_back(order, 7)
    assert client.get(path)["status"] == "credited"


def test_what_is_sent_to_a_client_billed_monthly_waits_unless_the_order_is_billed_apart(
    firm: Firm, client: Client, servers: Servers
) -> None:
    shop = Shop(firm, servers, unit_price=2400, tax="20.00")
    path = f"/v1/accounts/{shop.account['account_id']}"
    monthly = {"bills": "monthly", "reason": "One bill a month is enough."}
    assert client.put(f"{path}/billing-routine", monthly)["bills"] == "monthly"
    order = shop.order(8)
    firm.ship(order)
    assert (shop.totals(), shop.pending()) == ([], ["8"])
    assert shop.billing(order) == [8, 0, 0, 0, 8]
    firm.take_back(order, 3)
    assert (shop.totals(), shop.pending()) == ([], ["5"])
    assert shop.billing(order) == [8, 3, 0, 0, 5]
    firm.ship(shop.order(1, is_billed_apart=True))
    assert (shop.totals(), shop.pending()) == ([2880], ["5"])


def test_a_quarter_is_asked_before_supply_and_the_last_invoice_is_the_rest(
    firm: Firm, servers: Servers
) -> None:
    shop = Shop(firm, servers, unit_price=3600, tax="0")
    order = shop.order(8)
    ordered = [{"tax_percent": "0", "tax_code": None, "net": order["total_net"]}]
    shop.announce(DepositAsked, order, deposit_id=new_id("dep"), ordered=ordered)
    assert shop.totals() == [7200]
    firm.ship(order)
    assert shop.totals() == [7200, 21600]
