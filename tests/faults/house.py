"""The whole system under payments, and the books that must agree when it has come to rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from dev.system import System
from kernel.ids import new_ids
from ops.client import Client
from ops.instances import SERVICES

CLIENTS = 16
PATIENCE_SECONDS = 120.0  # a client asks again for so long before it gives up
REST_SECONDS = 60.0  # within which all is everywhere, once nothing is broken any more
INVOICE = 1_000_00
BATCH = 1_000


class House:
    """A running system with accounts that owe, and the log of what it accepted from us."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.client = Client(system.url, system.api_key, patience_seconds=PATIENCE_SECONDS)
        self.accepted: dict[str, str] = {}  # payment id by Idempotency-Key
        self._accounts: list[str] = []
        self._owner_id: str | None = None
        self._sent = 0

    def open_accounts(
        self, count: int, *, channel: str = "post", currency: str = "EUR"
    ) -> list[str]:
        """Accounts that owe one invoice each, so that there is something to pay, and get their documents
        so; their ids."""
        if self._owner_id is None:
            staff = {"name": "Ada Ross", "email": "ada@firm.example", "role": "account_manager"}
            self._owner_id = self.client.post("/v1/staff", staff)["staff_id"]
        terms = {
            "country": "IE",
            "currency": "EUR",
            "language": "en",
            "time_zone": "UTC",
            "net_days": 14,
            "credit_limit": None,
            "preferred_channel": channel,
            "owner_id": self._owner_id,
        }
        before = len(self._accounts)
        for number in range(before, before + count):
            account = {**terms, "name": f"Client {number} Ltd"}
            if channel == "email":
                account["email"] = f"client{number}@example.com"
            self._accounts.append(self.client.post("/v1/accounts", account)["account_id"])
        known = "SELECT count(*) FROM account"
        wait_until(lambda: self.number("billing", known) == before + count, REST_SECONDS)
        opened = self._accounts[before:]
        line = {"description": "x", "quantity": "1", "unit_price": INVOICE, "tax_percent": "0"}
        invoices = [
            {"account_id": account_id, "currency": currency, "lines": [line]}
            for account_id in opened
        ]
        for at in range(0, count, BATCH):
            batch = {"invoices": invoices[at : at + BATCH]}
            issued = self.client.post("/v1/invoice-batches", batch)
            assert issued["refused"] == 0, issued
        return opened

    def be_billable(self, count: int, currencies: Sequence[str]) -> None:
        """Have something to be billed of so many accounts in each currency, as charges leave it."""
        if (missing := count - len(self._accounts)) > 0:
            self.open_accounts(missing)
        self.give_addresses(self._accounts[:count])
        keys = [(one, currency) for one in self._accounts[:count] for currency in currencies]
        rows = [
            (billable_id, billable_id, account_id, currency)
            for billable_id, (account_id, currency) in zip(
                new_ids("bil", len(keys)), keys, strict=True
            )
        ]
        with psycopg.connect(self.system.servers.database_url("billing")) as connection:
            connection.cursor().executemany(_TO_BILL, rows)

    def give_addresses(self, accounts: Sequence[str]) -> None:
        """Have bills and statements leave by post."""
        quay = {"kind": "billing", "street": ["1 Quay"], "city": "Dublin", "country": "IE"}
        for one in set(accounts) - self._addressed():
            self.client.post(f"/v1/accounts/{one}/addresses", quay)
        wait_until(lambda: self._addressed() >= set(accounts), REST_SECONDS)

    def _addressed(self) -> set[str]:
        return {row[0] for row in self.ask("billing", _ADDRESSED)}

    def payment(self, number: int) -> dict[str, Any]:
        """The body of a payment of 1.00."""
        return {
            "account_id": self._accounts[number % len(self._accounts)],
            "currency": "EUR",
            "amount": 100,
            "value_date": datetime.now(UTC).date().isoformat(),
            "method": "transfer",
        }

    @contextmanager
    def payments(self, count: int, *, rate: float = 150) -> Iterator[Callable[[], int]]:
        """Enter so many payments, up to `rate` a second, while the block runs; every one is accepted
        in the end. Yields what tells how many are."""
        first, self._sent = self._sent, self._sent + count
        numbers = iter(range(first, self._sent))
        turn, began = threading.Lock(), time.monotonic()

        def pay() -> None:
            while True:
                with turn:
                    number = next(numbers, None)
                if number is None:
                    return
                time.sleep(max(0.0, began + (number - first) / rate - time.monotonic()))
                self._pay(number)

        with ThreadPoolExecutor(CLIENTS) as pool:
            paying: list[Future[None]] = [pool.submit(pay) for _ in range(CLIENTS)]
            yield lambda: len(self.accepted)
            for one in paying:
                one.result()

    def _pay(self, number: int) -> None:
        key = f"payment-{number}"
        payment = self.client.post("/v1/payments", self.payment(number), key=key)
        if number % 10 == 0:
            again = self.client.post("/v1/payments", self.payment(number), key=key)
            assert again["payment_id"] == payment["payment_id"], "a payment was entered twice"
        self.accepted[key] = payment["payment_id"]

    def assert_books_agree(self) -> None:
        """Payments accepted = payments in the ledger = what the listeners made of them, and nothing is
        parked but what was forged."""
        wait_until(self.is_at_rest, REST_SECONDS)
        payments = self.ask("billing", "SELECT payment_id FROM payment")
        assert {row[0] for row in payments} == set(self.accepted.values())
        assert len(payments) == len(self.accepted)
        assert self.client.get("/v1/reports/reconciliation")["differences"] == []
        assert self.ask("billing", _BALANCES) == self.ask("collections", _COPIES)
        assert self.number("accounts", _ON_TIMELINE) == len(payments)
        gaps = self.number("accounts", _GAPS)
        assert gaps == 0, f"{gaps} accounts miss events on their timeline"
        for service in SERVICES:
            assert self.number(service, _PARKED) == 0, service

    def is_at_rest(self) -> bool:
        """Whether nothing waits to be published, and the last to hear has heard all."""
        if any(self.number(service, _UNPUBLISHED) for service in SERVICES):
            return False
        announced = self.number("billing", _OF_ACCOUNTS)
        heard = "SELECT count(*) FROM timeline_entry WHERE source = 'billing'"
        balances = self.ask("billing", _BALANCES) == self.ask("collections", _COPIES)
        return self.number("accounts", heard) == announced and balances

    def number(self, service: str, query: str) -> int:
        """The one number that a query to a service's database answers with."""
        return int(self.ask(service, query)[0][0])

    def ask(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """All that a query to a service's database answers with."""
        with psycopg.connect(self.system.servers.database_url(service)) as connection:
            return connection.execute(query).fetchall()


_PARKED = "SELECT count(*) FROM parked WHERE why <> 'forged'"
_UNPUBLISHED = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
_ADDRESSED = "SELECT account_id FROM addressee WHERE jsonb_array_length(addresses) > 0"
_OF_ACCOUNTS = "SELECT count(*) FROM outbox WHERE subject LIKE 'acc_%'"
_TO_BILL = """INSERT INTO billable (billable_id, key, account_id, currency, kind, description, quantity,
        unit_price, tax_percent, tax_code, bill_on, recorded_by, recorded_at)
    VALUES (%s, %s, %s, %s, 'charge', 'Support', 2,
        5000, 19, 'standard', current_date - 1, 'till', now())"""
_BALANCES = "SELECT item_id, balance FROM item ORDER BY item_id"
_COPIES = "SELECT item_id, balance FROM receivable ORDER BY item_id"
_ON_TIMELINE = "SELECT count(*) FROM timeline_entry WHERE name = 'payment_received'"
_GAPS = """SELECT count(*) FROM (SELECT account_id FROM timeline_entry
    GROUP BY account_id, source HAVING count(*) <> max(sequence)) AS with_gaps"""


def wait_until(check: Callable[[], Any], seconds: float) -> None:
    """Wait for a truth."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, f"not so within {seconds:.0f} s"
        time.sleep(0.1)
