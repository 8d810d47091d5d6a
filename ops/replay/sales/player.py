"""Plays a shop's sales through the gateway: looks at what the system has of them, enters the rest.

Nothing is noted outside the system. Orders and returns carry what the shop calls them, products their
codes, receipts their months; each is taken once under it. So whatever stopped the player, it goes on with
what is lacking.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ops.client import Client
from ops.replay.hand import Hand
from ops.replay.retail.accounts import answers, open_accounts
from ops.replay.retail.batches import cut, post, send
from ops.replay.retail.records import Document, Left, Sale, list_customers, read_documents
from ops.replay.retail.refusals import LeftOut
from ops.replay.sales.clients import REASON, activate_accounts
from ops.replay.sales.matching import Credit, match_credits
from ops.replay.sales.records import (
    Article,
    Receipt,
    Shop,
    price_of,
    read_sold,
    sku_of,
)
from ops.replay.sales.reports import list_orders, list_returns

CONNECTIONS = (
    1  # each batch locks the stock of what others sell, too: two would wait for each other
)
PRODUCTS = 500
RECEIPTS = 1000
ORDERS = 500
ORDER_LINES = 1000  # as many as are surely taken within the minute that a batch has
RETURNS = 200
SOLD_BEFORE = "Credit note {} of the shop."
Show = Callable[[int, int], None]
Answer = Mapping[str, Any]
Order = tuple[Answer, Sequence[Sale]]
"""An order as it is sent, and the lines that it is of."""


class Player:
    """Plays one file into one system. Nothing that is there is changed."""

    def __init__(
        self,
        hand: Hand,
        path: Path,
        shop: Shop,
        *,
        currency: str,
        leave: Callable[[Left], object],
    ) -> None:
        """Describe what to play where, and who takes what is refused; `play` does it."""
        self._hand = hand
        self._client = hand.client
        self._path = path
        self._shop = shop
        self._currency = currency
        self._left = LeftOut(leave)
        self.account_ids: dict[str, str] = {}

    def play(self, show: Show) -> None:
        """Enter what the system does not have. Whenever some is entered, `show` is told how many
        documents and lines."""
        found = self._shop.found
        self._hand.stand_after(found.last_day)
        customers = list_customers(found.headings.values())
        opened = open_accounts(
            self._hand,
            customers,
            currency=self._currency,
            is_known=is_client,
            waived_reason=REASON,
        )
        self.account_ids, self._left.customers = opened
        activate_accounts(self._hand, customers)
        self._offer_products()
        self._receive_goods()
        credited = [*match_credits(self._path, self._shop, currency=self._currency)]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            self._place_orders(pool, credited, show)
            self._take_returns(pool, credited, show)

    def _offer_products(self) -> None:
        known = {product["sku"] for product in self._client.list("/v1/products")}
        lacking = [one for sku, one in self._shop.articles.items() if sku not in known]
        self._hand.each_batch("product", self._offer, [*cut(lacking, PRODUCTS)])

    def _offer(self, batch: Sequence[Article]) -> Sequence[Answer]:
        products = [describe_product(one, currency=self._currency) for one in batch]
        return post(self._hand, "/v1/product-batches", "products", products)

    def _receive_goods(self) -> None:
        for batch in cut(self._shop.receipts(), RECEIPTS):
            receipts = [describe_receipt(one) for one in batch]
            answer = self._hand.post("/v1/stock-moves/receive", {"receipts": receipts})
            for one in answer["results"]:
                if "code" in one:
                    self._hand.refuse(batch[one["index"]].line, f"receipt: {one['detail']}")

    def _place_orders(
        self, pool: ThreadPoolExecutor, credited: Sequence[Credit], show: Show
    ) -> None:
        held = list_orders(self._client, self.account_ids)
        orders = (one for one in self._orders(credited) if one[0]["external_id"] not in held)
        for batch, results in send(pool, self._place, divide(orders), ahead=CONNECTIONS):
            for (order, lines), result in zip(batch, results, strict=True):
                if "code" in result:
                    self._left.note(lines, result["detail"])
                elif order["ships"]:
                    show(1, len(lines))

    def _orders(self, credited: Iterable[Credit]) -> Iterator[Order]:
        """What is sold; then what brings back goods that no order had sold."""
        documents = read_documents(
            self._path, self._shop.found, currency=self._currency, read=read_sold
        )
        for document in documents:
            if not document.heading.is_credit and self._left.has_account(document.sales):
                yield self._describe_sale(document), document.sales
        for credit in credited:
            lines = [one.sale for one in credit.lines]
            if credit.sold_number is None and self._left.has_account(lines):
                yield self._describe_bringing(credit), lines

    def _describe_sale(self, document: Document) -> Answer:
        day = document.heading.issued_on.isoformat()
        return {
            "account_id": self.account_ids[document.heading.customer],
            "external_id": document.heading.number,
            "currency": self._currency,
            "ordered_on": day,
            "confirms": True,
            "ships": True,
            "shipped_on": day,
            "lines": [describe_line(one, one.quantity) for one in document.sales],
        }

    def _describe_bringing(self, credit: Credit) -> Answer:
        return {
            "account_id": self.account_ids[credit.customer],
            "external_id": credit.name,
            "currency": self._currency,
            "ordered_on": self._day(credit),
            "confirms": True,
            "ships": False,
            "lines": [describe_line(one.sale, -one.quantity) for one in credit.lines],
        }

    def _place(self, batch: Sequence[Order]) -> Sequence[Answer]:
        orders = [order for order, _ in batch]
        return post(self._hand, "/v1/order-batches", "orders", orders)

    def _take_returns(
        self, pool: ThreadPoolExecutor, credited: Sequence[Credit], show: Show
    ) -> None:
        held = list_returns(self._client, self.account_ids)
        order_ids = list_orders(self._client, self.account_ids)
        lacking = [
            one for one in credited if one.name not in held and self._is_held(one, order_ids)
        ]

        def take(batch: Sequence[Credit]) -> Sequence[Answer]:
            returns = [self._describe_return(one, order_ids) for one in batch]
            return post(self._hand, "/v1/return-batches", "returns", returns)

        for batch, results in send(pool, take, cut(lacking, RETURNS), ahead=CONNECTIONS):
            for credit, result in zip(batch, results, strict=True):
                lines = [one.sale for one in credit.lines]
                if "code" in result:
                    self._left.note(lines, result["detail"])
                else:
                    show(1, len(lines))

    def _is_held(self, credit: Credit, order_ids: Mapping[str, str]) -> bool:
        """Whether the order that a return is of is there; else it is left out."""
        name = credit.sold_number or credit.name
        lines = [one.sale for one in credit.lines]
        if name not in order_ids and self._left.has_account(lines):
            self._left.note(lines, f"The order {name} is not there.")
        return name in order_ids

    def _describe_return(self, credit: Credit, order_ids: Mapping[str, str]) -> Answer:
        told = {
            "external_id": credit.name,
            "reason": SOLD_BEFORE.format(credit.number),
            "received_on": self._day(credit),
        }
        if credit.sold_number is None:
            return told | {"for_order_id": order_ids[credit.name]}
        lines = [
            {
                "position": one.position,
                "quantity": str(one.quantity),
                "unit_price": price_of(one.sale) if one.is_for_less else None,
            }
            for one in credit.lines
        ]
        return told | {"order_id": order_ids[credit.sold_number], "lines": lines}

    def _day(self, credit: Credit) -> str:
        return self._shop.found.headings[credit.number].issued_on.isoformat()


def is_client(client: Client, account_id: str) -> bool:
    """Whether sales has heard of an account."""
    return answers(client, f"/v1/accounts/{account_id}/standing")


def describe_product(article: Article, *, currency: str) -> Answer:
    """What a stock code is sold as."""
    return {
        "sku": article.sku,
        "name": article.name,
        "unit_price": article.price,
        "currency": currency,
        "tax_percent": "0",
        "is_stocked": article.is_stocked,
    }


def describe_line(sale: Sale, quantity: int) -> Answer:
    """A line of an order."""
    return {"sku": sku_of(sale.code), "quantity": str(quantity), "unit_price": price_of(sale)}


def describe_receipt(receipt: Receipt) -> Answer:
    """Goods that come in for a month."""
    return {
        "sku": receipt.sku,
        "quantity": str(receipt.quantity),
        "moved_on": receipt.month.isoformat(),
        "reference": f"for {receipt.month:%Y-%m}",
    }


def divide(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """Batches of orders, as they come."""
    batch: list[Order] = []
    lines = 0
    for one in orders:
        if batch and (len(batch) >= ORDERS or lines + len(one[1]) > ORDER_LINES):
            yield batch
            batch, lines = [], 0
        batch.append(one)
        lines += len(one[1])
    if batch:
        yield batch
