"""Many who order in batches and have goods sent in batches, and the log of what they were answered."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from tests.faults.house import House

CLIENTS = 4
OF_EACH_KIND = 3  # in a batch
PRODUCTS = 5
QUANTITIES = (4, 2)  # of the two lines of each order: halves of them are whole, too
TOO_MANY = 10**6
HALF = Decimal("0.5")


class Kind(NamedTuple):
    """How an order is taken, and what has become of it once all is done: the parts of its lines that have
    left, are kept in stock for it and are billed; how many shipments and how many invoices it has."""

    facts: Mapping[str, Any]
    status: str
    shipped: Decimal | int = 0
    kept: Decimal | int = 0
    billed: Decimal | int = 0
    shipments: int = 0
    invoices: int = 0

    @property
    def parts(self) -> tuple[Decimal | int, ...]:
        """Shipped, kept and billed."""
        return self.shipped, self.kept, self.billed


AGREED = {"confirms": True}
KINDS = {
    "gone": Kind({**AGREED, "ships": True}, "done", 1, 0, 1, 1, 1),
    "in two parts": Kind(AGREED, "done", 1, 0, 1, 2, 2),
    "half": Kind(AGREED, "processing", HALF, HALF, HALF, 1, 1),
    "billed first": Kind({**AGREED, "bills_on": "order"}, "processing", HALF, HALF, 1, 1, 1),
    "assigned": Kind(AGREED, "confirmed", 0, 1, 0, 1, 0),
    "draft": Kind({}, "draft"),
    "refused": Kind({**AGREED, "ships": True}, ""),
}
SENT_IN_PART = ("in two parts", "half", "billed first")


@dataclass
class Taken:
    """An order that was taken, by its answer."""

    order_id: str
    number: str
    kind: Kind
    products: Sequence[str]
    shipments: dict[str, str] = field(default_factory=dict)  # numbers, by id

    def add(self, told: Mapping[str, Any]) -> None:
        """Another shipment of it was answered."""
        self.shipments[told["shipment_id"]] = told.get("shipment_number") or told["number"]


class Shop:
    """Lots of orders, each sent, assigned and shipped in batches. All that was taken is in `orders`, by
    its reference; what was refused in `refused`."""

    def __init__(self, house: House, *, lots: int) -> None:
        self.client, self.house, self.lots = house.client, house, lots
        self.accounts = [self._activate(row[0]) for row in house.ask("accounts", _ACCOUNTS)]
        self.orders: dict[str, Taken] = {}
        self.refused: set[str] = set()
        self.under_way = 0  # requests that are not answered yet
        self.answered = 0
        self.received = lots * OF_EACH_KIND * len(KINDS) * max(QUANTITIES)
        self.products = [self._offer(number) for number in range(PRODUCTS)]
        self._counting = threading.Lock()
        self._trading: list[Future[None]] = []

    def _activate(self, account_id: str) -> str:
        path = f"/v1/accounts/{account_id}"
        if self.client.get(path)["status"] == "prospect":
            self.client.post(f"{path}/begin-onboarding")
            for item in list(self.client.list(f"{path}/checklist-items")):
                waived = {"reason": "A client of many years."}
                item_path = f"/v1/checklist-items/{item['checklist_item_id']}"
                self.client.post(f"{item_path}/waive", waived)
            self.client.post(f"{path}/activate")
        return account_id

    def _offer(self, number: int) -> str:
        product = {
            "sku": f"LOT-{number}",
            "name": "Chair",
            "unit_price": 2500,
            "currency": "EUR",
            "tax_percent": "20",
            "is_stocked": True,
        }
        product_id: str = self.client.post("/v1/products", product)["product_id"]
        receipt = {"product_id": product_id, "quantity": str(self.received), "reference": "All"}
        self.client.post("/v1/stock-moves/receive", {"receipts": [receipt]})
        return product_id

    @contextmanager
    def trading(self, chance: random.Random) -> Iterator[None]:
        """Take all lots while the block runs."""
        seeds = {lot: chance.random() for lot in range(self.lots)}
        with ThreadPoolExecutor(CLIENTS) as pool:
            self._trading = [
                pool.submit(self._take, lot, random.Random(seed)) for lot, seed in seeds.items()
            ]
            try:
                yield
                for one in self._trading:
                    one.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def has_come_to(self, answered: int) -> bool:
        """Whether so many requests are answered, and others are under way. Raises what went
        wrong with any."""
        for one in self._trading:
            if one.done():
                one.result()
        return self.answered >= answered and self.under_way > 0

    def _take(self, lot: int, chance: random.Random) -> None:
        rows = [(name, self._row(lot, name, number)) for name, number in _all_kinds()]
        chance.shuffle(rows)
        body = {"orders": [row for _, row in rows]}
        taken: dict[str, list[Taken]] = {name: [] for name in KINDS}
        for told, (name, row) in zip(self._send(f"orders-{lot}", "order", body), rows, strict=True):
            if "order_id" not in told:
                assert (name, told["code"]) == ("refused", "out_of_stock"), told
                self.refused.add(row["reference"])
                continue
            products = [line["product_id"] for line in row["lines"]]
            order = Taken(told["order_id"], told["number"], KINDS[name], products)
            assert told["is_new"], "it was there before it was sent"
            if "shipment_id" in told:
                order.add(told)
            taken[name].append(order)
            self.orders[row["reference"]] = order
        self._ship(lot, taken)
        if lot % 2:
            self._find(f"orders-{lot}-again", body, taken)

    def _row(self, lot: int, name: str, number: int) -> dict[str, Any]:
        """An order; those of every other lot have a name of the sender's, too."""
        reference = f"Lot {lot}, {name}, {number}"
        quantities = (TOO_MANY, TOO_MANY) if name == "refused" else QUANTITIES
        return {
            **KINDS[name].facts,
            "account_id": self.accounts[(lot + number) % len(self.accounts)],
            "reference": reference,
            "external_id": reference if lot % 2 else None,
            "lines": [
                {"product_id": self.products[(lot + number + at) % PRODUCTS], "quantity": str(many)}
                for at, many in enumerate(quantities)
            ],
        }

    def _ship(self, lot: int, taken: Mapping[str, Sequence[Taken]]) -> None:
        """Send halves, and assign what is drafted for one; then the rest of some."""
        halved = [order for name in SENT_IN_PART for order in taken[name]]
        drafted = taken["assigned"]
        for order in drafted:
            body = {"order_id": order.order_id}
            told = self._post(f"draft-{order.order_id}", "/v1/shipments", body)
            order.add(told)
        lines = self._list_halves(halved)
        rows = [
            {"move": "send", "order_id": one.order_id, "lines": lines[one.order_id]}
            for one in halved
        ]
        rows += [{"move": "assign", "shipment_id": next(iter(one.shipments))} for one in drafted]
        parts = self._send(f"halves-{lot}", "shipment", {"shipments": rows})
        for told, order in zip(parts, [*halved, *drafted], strict=True):
            order.add(told)
        rest = taken["in two parts"]
        rows = [{"move": "send", "order_id": one.order_id} for one in rest]
        parts = self._send(f"rests-{lot}", "shipment", {"shipments": rows})
        for told, order in zip(parts, rest, strict=True):
            order.add(told)

    def _list_halves(self, orders: Sequence[Taken]) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = {}
        names = ", ".join(f"'{order.order_id}'" for order in orders)
        for order_id, line_id, quantity in self.house.ask("sales", f"{_LINES} ({names})"):
            half = {"line_id": line_id, "quantity": str(int(quantity) // 2)}
            found.setdefault(order_id, []).append(half)
        return found

    def _find(self, key: str, body: Any, taken: Mapping[str, Sequence[Taken]]) -> None:
        """By the sender's names all are found, under whatever key they come."""
        told = [one for one in self._send(key, "order", body) if "order_id" in one]
        assert not any(one["is_new"] for one in told), "an order was taken twice"
        assert {one["order_id"] for one in told} == {
            order.order_id for orders in taken.values() for order in orders
        }

    def _send(self, key: str, what: str, body: Any) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._post(key, f"/v1/{what}-batches", body)["results"]
        return answer

    def _post(self, key: str, path: str, body: Any) -> Any:
        """What is answered; every other time it is asked once more under its key."""
        with self._counting:
            self.under_way += 1
        answer = self.client.post(path, body, key=key)
        with self._counting:
            self.under_way -= 1
            self.answered += 1
            is_asked_again = self.answered % 2
        if is_asked_again:
            assert self.client.post(path, body, key=key) == answer, "it was done twice"
        return answer

    def expect(self, part: str) -> Counter[str]:
        """What the log comes to of each product: shipped or kept."""
        found: Counter[str] = Counter()
        for order in self.orders.values():
            for product_id, many in zip(order.products, QUANTITIES, strict=True):
                found[product_id] += int(many * getattr(order.kind, part))
        return found


def _all_kinds() -> list[tuple[str, int]]:
    return [(name, number) for name in KINDS for number in range(OF_EACH_KIND)]


_ACCOUNTS = "SELECT account_id FROM account ORDER BY account_id LIMIT 8"
_LINES = "SELECT order_id, line_id, quantity FROM order_line WHERE order_id IN"
