"""What tests of counts and inventory reports begin with: goods that move, and people who count them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, event

from chassis.doors.sessions import open_session
from kernel.callers import ITSELF, Caller
from kernel.ids import new_id
from services.sales.stock.queries import read_on_hand
from services.sales.stock.rules import MoveKind, NewMove
from services.sales.stock.usecases import record_moves
from tests.services.client import Client

KEEPER = Caller("kim", frozenset({"sales:read", "sales:write"}))
OTHER_KEEPER = Caller("lee", frozenset({"sales:read", "sales:write", "sales:approve"}))
LEAD = Caller("ada", frozenset({"sales:read", "sales:write", "sales:approve"}))
COUNTING_LEAD = Caller("kim", frozenset({"sales:read", "sales:write", "sales:approve"}))


class Stockroom:
    """Goods at 18.00 EUR each unless said otherwise, and counts of them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._keys = itertools.count(1)
        client.caller = KEEPER

    @property
    def today(self) -> date:
        return self.client.now.date()

    def wait(self, *, hours: int = 0, days: int = 0) -> None:
        """Let time go by, without the jobs of the days."""
        self.client.now += timedelta(hours=hours, days=days)

    def keep(self, on_hand: int | str = 0, *, unit_cost: int = 1800, **facts: Any) -> str:
        """A product that is kept in stock, so much of it on hand; its id."""
        sku = facts.setdefault("sku", new_id("sku"))
        product = {"name": "Chair", "unit_price": 2500, "currency": "EUR", "tax_percent": "20"}
        made = self.client.call("create_product", **product | {"is_stocked": True} | facts)
        assert made["sku"] == sku
        product_id: str = made["product_id"]
        if Decimal(on_hand):
            self.receive(product_id, on_hand, unit_cost=unit_cost)
        return product_id

    def receive(self, product_id: str, quantity: int | str, **facts: Any) -> None:
        """Goods come in."""
        cost = {"unit_cost": 1800, "currency": "EUR"}
        self.move(product_id, quantity, MoveKind.RECEIPT, **cost | facts)

    def move(
        self,
        product_id: str,
        quantity: int | str,
        kind: MoveKind = MoveKind.SHIPMENT,
        *,
        on: date | None = None,
        at: datetime | None = None,
        **facts: Any,
    ) -> None:
        """Goods move, today unless said otherwise."""
        one = NewMove(
            product_id=product_id,
            quantity=Decimal(quantity),
            kind=kind,
            moved_on=on or self.today,
            key=f"test:{next(self._keys)}",
            **facts,
        )
        bind: Any = self.client.bind
        # In a savepoint, so that one that is refused undoes nothing else of the test.
        apart = bind.begin_nested() if isinstance(bind, Connection) else nullcontext()
        with apart, open_session(bind, ITSELF) as session:
            now = at or self.client.now
            record_moves(session, [one], today=self.today, now=now, by="kim")
            session.commit()

    def on_hand(self, product_id: str, *, place_id: str | None = None) -> Decimal:
        """What the books say today."""
        with open_session(self.client.bind, ITSELF) as session:
            found = read_on_hand(
                session,
                as_of=self.today,
                known_at=None,
                product_ids=[product_id],
                place_id=place_id,
            )
        return found.get(product_id, Decimal(0))

    def open(self, *product_ids: str, caller: Caller | None = None, **facts: Any) -> dict[str, Any]:
        """A count of these products."""
        lines = [{"product_id": one} for one in product_ids]
        found: dict[str, Any] = self.client.call(
            "open_count", caller=caller, **{"lines": lines} | facts
        )
        return found

    def enter(
        self, count: dict[str, Any], quantities: dict[str, int | str], **options: Any
    ) -> dict[str, Any]:
        """So much of each product is on the shelf."""
        lines = [{"product_id": one, "quantity": many} for one, many in quantities.items()]
        return self.do("enter_quantities", count, lines=lines, **options)

    def do(self, what: str, count: dict[str, Any], **values: Any) -> dict[str, Any]:
        """What a command answers about a count."""
        found: dict[str, Any] = self.client.call(what, count_id=count["count_id"], **values)
        return found

    def counted(self, quantities: dict[str, int | str], **facts: Any) -> dict[str, Any]:
        """A count that is finished."""
        count = self.open(*quantities, **facts)
        self.enter(count, quantities)
        return self.do("finish_count", count)

    def posted(self, quantities: dict[str, int | str], **facts: Any) -> dict[str, Any]:
        """A count that is posted, approved where it needs that."""
        count = self.counted(quantities, **facts)
        if count["needs_approval"]:
            self.do("approve_count", count, reason="Looked again.", caller=LEAD)
        return self.do("post_count", count)

    def told(self, count: dict[str, Any]) -> dict[str, Any]:
        """What was announced of a count."""
        announced = self.client.announced("stock_counted")
        [found] = [one for one in announced if one["count_id"] == count["count_id"]]
        return found

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that are sent meanwhile."""
        sent: list[str] = []

        def note(*given: Any) -> None:
            sent.append(given[2])

        event.listen(self.client.bind, "before_cursor_execute", note)
        yield sent
        event.remove(self.client.bind, "before_cursor_execute", note)
