"""What the tests of sales begin with: an account that is known, a product on sale, an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.sales.accounts import usecases as accounts
from services.sales.base import Base
from services.sales.confirming.usecases import confirm_order
from services.sales.drafting.usecases import create_order
from services.sales.orders import usecases as orders
from services.sales.orders.models import Order
from services.sales.products import usecases as products
from services.sales.products.models import Product
from tests.services.sales.store import Store

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# What a line says unless something else is said.
LINE = {"quantity": Decimal(1), "discount_percent": Decimal(0), "promised_on": None, "note": None}
LINE |= {"returns_line_id": None}


class Shop:
    """Arranges a sale in one session. Amounts in cents, EUR unless said otherwise."""

    today = TODAY
    now = NOW

    def __init__(self, session: Session) -> None:
        self.session = session

    def open_account(self, **facts: Any) -> str:
        account_id = facts.setdefault("account_id", new_id("acc"))
        known = {"version": 1, "number": "A-1", "status": "active", "currency": "EUR"}
        told = [*self.session.info.get("announced", ())]
        accounts.keep_accounts(self.session, [known | {"credit_limit": None} | facts])
        self.session.info["announced"] = told  # that it is known has tests of its own
        return account_id

    def owe(
        self, account_id: str, balance: int, *, currency: str = "EUR", version: int = 1
    ) -> None:
        balances = {"version": version, "open": balance, "unapplied": 0, "balance": balance}
        whose = {"account_id": account_id, "currency": currency}
        accounts.keep_balances(self.session, [whose | balances])

    def hold(self, account_id: str, *, version: int = 1) -> None:
        hold = {"account_id": account_id, "version": version, "is_placed": True}
        accounts.keep_credit_holds(self.session, [hold | {"reason": "level 3 reminder"}])

    def offer(self, **facts: Any) -> Product:
        product: dict[str, Any] = {"sku": new_id("sku"), "name": "Chair", "unit_price": 1000}
        product |= {"currency": "EUR"}
        product |= {"is_stocked": False, "unit": "piece", "pack_size": Decimal(1)}
        return products.create_product(
            self.session, **product | {"tax_percent": Decimal("19.00")} | facts
        )

    def draft(self, account_id: str, *lines: dict[str, Any], **facts: Any) -> Order:
        wanted = [LINE | line for line in lines] or [self.line(self.offer())]
        order: dict[str, Any] = {
            "currency": None,
            "reference": None,
            "is_billed_apart": False,
            "note": None,
        }
        order |= {"bills_on": "shipment", "ships_on": "order", "deposit_percent": None}
        order |= {"today": TODAY, "now": NOW, "by": "kim"}
        return create_order(self.session, account_id=account_id, lines=wanted, **order | facts)

    def line(self, product: Product, quantity: str = "1", **facts: Any) -> dict[str, Any]:
        line = {"product_id": product.product_id, "quantity": Decimal(quantity)}
        return LINE | line | facts

    def confirm(self, order: Order) -> Order:
        return self.confirm_id(order.order_id)

    def confirm_id(self, order_id: str) -> Order:
        return confirm_order(self.session, order_id=order_id, today=TODAY, now=NOW, by="kim")

    def fetch(self, order_id: str) -> Order:
        return self.session.get_one(Order, order_id)

    def cancel(self, order: Order) -> Order:
        return orders.cancel_order(
            self.session, order_id=order.order_id, reason="Changed mind.", now=NOW, by="kim"
        )

    def announced(self) -> list[str]:
        return [event.__name__ for event, *_ in self.session.info.get("announced", [])]


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


@pytest.fixture
def store(session: Session, shop: Shop) -> Store:
    return Store(session, shop)


@pytest.fixture
def shop_in(engine: Engine) -> Iterator[Callable[[Session], Shop]]:
    """A shop in a session of the test's own, for tests that commit; emptied afterwards."""
    yield Shop
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
