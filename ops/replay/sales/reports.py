"""What the system has of a file, and the figures that its reports say."""

from collections.abc import Mapping

from ops.client import Client
from ops.replay.sales.figures import Sold, Tally
from ops.replay.sales.records import Shop


def list_orders(client: Client, account_ids: Mapping[str, str]) -> dict[str, str]:
    """The ids of the orders that the system has of these accounts, by what the shop calls them."""
    known = frozenset(account_ids.values())
    return {
        order["external_id"]: order["order_id"]
        for order in client.list("/v1/orders")
        if order["external_id"] is not None and order["account_id"] in known
    }


def list_returns(client: Client, account_ids: Mapping[str, str]) -> frozenset[str]:
    """What the shop calls the returns that the system has of these accounts."""
    known = frozenset(account_ids.values())
    return frozenset(
        one["external_id"]
        for one in client.list("/v1/returns")
        if one["external_id"] is not None and one["account_id"] in known
    )


def read_tally(client: Client, account_ids: Mapping[str, str], *, currency: str) -> Tally:
    """What was shipped and came back, as the system adds it up."""
    customers = {account_id: customer for customer, account_id in account_ids.items()}
    tally = Tally()
    ways = {"product": tally.products, "account": tally.clients, "month": tally.months}
    for by, figures in ways.items():
        for row in client.list("/v1/reports/sales", by=by, currency=currency):
            name = row["account_id"] if by == "account" else row["name"]
            figures[customers.get(name, name)] = Sold(
                shipped=int(row["shipped"]),
                shipped_net=row["shipped_net"],
                returned=int(row["returned"]),
                credited_net=row["credited_net"],
            )
    return tally


def read_on_hand(client: Client, shop: Shop) -> int:
    """How many pieces of the shop's products are on hand."""
    skus = frozenset(shop.articles)
    return sum(int(one["on_hand"]) for one in client.list("/v1/stock") if one["sku"] in skus)
