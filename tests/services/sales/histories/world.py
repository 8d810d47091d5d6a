"""A firm that sells: what is done in it one after another or at once, and what it hears of itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from chassis.contract import Consumer, Daily
from chassis.doors.acceptance import find_takers
from chassis.doors.perform import perform_daily
from chassis.doors.sessions import open_session
from chassis.wire.envelopes import Envelope
from kernel.callers import ITSELF, Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.sales.base import Base
from tests.services.client import Client
from tests.services.sales.histories.billing import Billing
from tests.services.sales.histories.snapshot import Row, Snapshot

LEAD = Caller("ada", frozenset({"*"}))
PRICE = 900
"""Of each product, net of the discount: with 20 % tax nothing is rounded, of halves neither."""
LIMIT = 60_000
CHATTER = text("DELETE FROM outbox WHERE published_at IS NULL")


class Nothing(Exception):
    """There is nothing that it can be done to."""


class Deed(NamedTuple):
    """Something that is to be done, and what it is called."""

    name: str
    do: Callable[[], Any]


class World:
    """Three products, one of them with tolerance, and two clients, one of whom has a credit limit. Each
    call is a transaction of its own. `outcomes` are what the last deeds came to: "done" or the code of
    the refusal; `before` is what was kept before them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        assert isinstance(client.bind, Engine)
        self.engine: Engine = client.bind
        self.news: list[Envelope] = []
        self.announced: list[Envelope] = []
        self.billing = Billing()
        self.outcomes: list[tuple[str, str]] = []
        self.clear()
        self._begin()
        self.before = self.now_kept = self.read()

    def clear(self) -> None:
        """Leave nothing of what was before."""
        with self.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            connection.execute(text("DELETE FROM daily_job"))
            connection.execute(CHATTER)

    def _begin(self) -> None:
        self.accounts = [self._open(LIMIT), self._open(None)]
        offer = {"name": "Chair", "unit_price": 1000, "currency": "EUR", "tax_percent": "20"}
        self.products = [
            self.call("create_product", **offer, is_stocked=True, sku=f"CHAIR-{place}")[
                "product_id"
            ]
            for place in range(3)
        ]
        costs = {"quantity": "30", "unit_cost": 700, "currency": "EUR"}
        receipts = [{"product_id": product_id, **costs} for product_id in self.products]
        self.call("receive_goods", receipts=receipts)
        tolerance = {"under": "0.9", "over": "1.1"}
        self.call("set_product_tolerance", product_id=self.products[0], **tolerance)
        self.place = self.call("create_place", code="NORTH", name="North")["place_id"]

    def _open(self, limit: int | None) -> str:
        account_id = new_id("acc")
        facts: dict[str, Any] = {
            "version": 1,
            "number": account_id[-8:],
            "status": "active",
            "currency": "EUR",
        }
        told = facts | {"account_id": account_id, "credit_limit": limit}
        self.client.hear("keep_accounts", **told)
        return account_id

    def call(self, endpoint: str, /, **values: Any) -> Any:
        return self.client.call(endpoint, **values)

    def read(self) -> Snapshot:
        with self.engine.connect() as connection:
            return Snapshot(connection)

    def session(self) -> Any:
        """A session to read in."""
        return open_session(self.engine, ITSELF)

    @property
    def now(self) -> datetime:
        return self.client.now

    @property
    def today(self) -> str:
        return self.now.date().isoformat()

    def day(self, days: int) -> str:
        """The day so many days from today."""
        return (self.now.date() + timedelta(days=days)).isoformat()

    def pick(self, table: str, which: int, is_meant: Callable[[Row], bool] = lambda _: True) -> Row:
        """One of the rows for which it can be done."""
        return self.pick_of([row for row in self.now_kept.of(table) if is_meant(row)], which)

    def pick_of(self, found: Sequence[Any], which: int) -> Any:
        if not found:
            raise Nothing
        return found[which % len(found)]

    def do(self, deeds: Sequence[Deed]) -> None:
        """Do one thing, or several at once."""
        self.before = self.now_kept
        self.client.now += timedelta(minutes=1)
        found = [_outcome(deeds[0])] if len(deeds) == 1 else _at_once(deeds)
        self.outcomes = [(deed.name, code) for deed, code in zip(deeds, found, strict=True)]
        self.listen()
        self.now_kept = self.read()

    def listen(self) -> None:
        """Hear what the service announced, which the rest of it has not heard yet."""
        consumers = self.client.contracts(Consumer)
        for event in self.client.publish():
            if find_takers(consumers, consumers, event):
                self.news.append(event)
            self.announced.append(event)
            self.billing.hear(event)

    def told(self, name: str) -> list[dict[str, Any]]:
        """What was announced under a name in all."""
        return [event.data for event in self.announced if event.name == name]

    def deliver(self, which: int) -> Deed:
        """Have the service hear something that it announced itself."""
        event = self.pick_of(self.news, which)
        self.news.remove(event)
        return Deed(f"hear {event.name}", lambda: self.client.deliver(event))

    def hear(self, which: int, many: int = 1) -> Deed:
        """Have the service hear something of billing's, or several things at once, perhaps not for the
        last time."""
        told = [
            one
            for place in range(many)
            if (one := self.billing.take(which // (place + 1))) is not None
        ]
        names = ", ".join(name for name, _ in told)
        return Deed(f"hear {names}", lambda: self.client.tell_all("billing", *told))

    def wait(self, days: int) -> None:
        """Let days go by. Its jobs are run on the first of each month and on the day it is then."""
        end = self.now.date() + timedelta(days=days)
        passed = [self.now.date() + timedelta(days=one + 1) for one in range(days)]
        service: Any = self.client._class()
        jobs = sorted(self.client.contracts(Daily).items(), key=lambda job: job[1].at)
        for day in (one for one in passed if one.day == 1 or one == end):
            with self.engine.begin() as connection:
                connection.execute(text("DELETE FROM daily_job"))
            for name, job in jobs:
                self.client.now = datetime.combine(day, job.at, tzinfo=self.now.tzinfo)
                perform_daily(self.engine, service, name, day)
        self.client.now = datetime.combine(end, self.client.now.time(), tzinfo=self.now.tzinfo)
        self.client.now = self.client.now.replace(hour=9, minute=0)
        self.before = self.now_kept
        self.outcomes = []
        self.listen()
        self.now_kept = self.read()

    def come_to_rest(self) -> None:
        """Let everything be answered and heard."""
        for _ in range(200):
            while self.news:
                self.do([self.deliver(0)])
            if self.billing.asked:
                self.billing.answer(0, is_willing=True)
            elif self.billing.told:
                self.do([self.hear(0)])
            else:
                break
        assert not self.news and not self.billing.asked, "it never comes to rest"


def _outcome(deed: Deed) -> str:
    try:
        deed.do()
    except Refusal as refused:
        if deed.name.startswith("hear"):
            raise  # what is told is never refused
        return refused.code
    return "done"


def _at_once(deeds: Sequence[Deed]) -> list[str]:
    start = threading.Barrier(len(deeds))

    def begin(deed: Deed) -> str:
        start.wait(timeout=60)
        return _outcome(deed)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(begin, deeds))


def half(many: int) -> Decimal:
    """So many halves."""
    return Decimal(many) / 2
