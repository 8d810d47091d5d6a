"""The stockroom: what is kept there, ordered anew every month, and counted once.

What sells every day is ordered anew by its level; mugs and tumblers come for one client each, so that
what should be there on the day of the count is known: 16 tumblers and 20 mugs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from dev.demo.desk import Desk, Thing
from dev.demo.house import DIRECTOR, STOREKEEPER
from dev.demo.occasions import next_open


@dataclass(frozen=True, slots=True)
class Goods:
    """What is kept in stock: at what cost it comes in, and when how much of it is ordered anew."""

    sku: str
    cost: int
    reorder_at: int
    order_quantity: int | None = None


STOCKED = (
    Goods("FILT-1000", 9_80, 120, 150),
    Goods("CUP-500", 29_00, 120, 150),
    Goods("CLEAN-KIT", 31_50, 120, 150),
)
TUMBLERS, MUGS = Goods("TUMBLER-05", 30_00, 12), Goods("MUG-6", 18_00, 12)
GIFTS = (
    # what, name, price in cents, tax
    (TUMBLERS, "Insulated tumbler, 0.5 l", 4900, "19.00"),
    (MUGS, "Mugs, six in a box", 2400, "20.00"),
)
COUNTED = {TUMBLERS.sku: "12", MUGS.sku: "19"}
COUNTED_ON, APPROVED_ON = date(2025, 9, 11), date(2025, 9, 12)


def stock_up(desk: Desk) -> None:
    """What the stockroom has before the first client, and when it orders what anew."""
    for goods, name, price, tax in GIFTS:
        product = {"sku": goods.sku, "name": name, "unit_price": price, "currency": "EUR"}
        desk.do("/v1/products", {**product, "tax_percent": tax, "is_stocked": True})
    products = {one["sku"]: one["product_id"] for one in desk.client.list("/v1/products")}
    for goods in (*STOCKED, TUMBLERS, MUGS):
        level = {"reorder_at": goods.reorder_at, "order_quantity": goods.order_quantity}
        desk.do(f"/v1/reorder-levels/{products[goods.sku]}", level, verb="PUT")
    _order_anew(desk)


def keep_stock(desk: Desk) -> None:
    """What is done in the stockroom today."""
    if desk.day == next_open(desk.day.replace(day=1)):
        _order_anew(desk)
    if (deed := _DIARY.get(desk.day)) is not None:
        deed(desk)


def _order_anew(desk: Desk) -> None:
    """What has come to its level is ordered, and comes the same day."""
    costs = {goods.sku: goods.cost for goods in STOCKED}
    reached = list(desk.client.list("/v1/reorder-levels", is_reached=True))
    _receive(
        desk,
        [
            (one["sku"], one["order_quantity"], costs[one["sku"]])
            for one in reached
            if one["order_quantity"] is not None
        ],
    )


def _come(goods: Goods, quantity: int, desk: Desk) -> None:
    _receive(desk, [(goods.sku, str(quantity), goods.cost)])


def _receive(desk: Desk, came: Iterable[tuple[str, str, int]]) -> None:
    receipts: list[Thing] = [
        {
            "sku": sku,
            "quantity": quantity,
            "unit_cost": cost,
            "currency": "EUR",
            "reference": f"DN {sku} {desk.day}",
        }
        for sku, quantity, cost in came
    ]
    if not receipts:
        return
    done = desk.do("/v1/stock-moves/receive", {"receipts": receipts}, by=STOREKEEPER)
    refused = (one["detail"] for one in done["results"] if "code" in one)
    desk.failures.extend(f"{desk.day}: {detail}" for detail in refused)


def _count(desk: Desk) -> None:
    """Whoever counts does not see what is expected until all is counted."""
    lines = [{"sku": sku} for sku in COUNTED]
    count = desk.do("/v1/counts", {"lines": lines, "is_blind": True}, by=STOREKEEPER)
    path = f"/v1/counts/{count['count_id']}"
    found = [{"sku": sku, "quantity": quantity} for sku, quantity in COUNTED.items()]
    desk.do(f"{path}/quantities", {"lines": found}, by=STOREKEEPER)
    desk.do(f"{path}/finish", by=STOREKEEPER)


def _approve(desk: Desk) -> None:
    """What is off beyond a tolerance is approved by somebody else than who has counted."""
    for count in list(desk.client.list("/v1/counts")):
        path = f"/v1/counts/{count['count_id']}"
        if count["status"] == "counted":
            reason = {"reason": "Four went as samples to a fair and were not noted."}
            desk.do(f"{path}/approve", reason, by=DIRECTOR)
        if count["status"] != "posted":
            desk.do(f"{path}/post", by=STOREKEEPER)


_DIARY: Mapping[date, Callable[[Desk], None]] = {
    date(2025, 3, 3): partial(_come, TUMBLERS, 20),
    date(2025, 3, 26): partial(_come, TUMBLERS, 36),
    date(2025, 4, 4): partial(_come, MUGS, 27),
    COUNTED_ON: _count,
    APPROVED_ON: _approve,
}
