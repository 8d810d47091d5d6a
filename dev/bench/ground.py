"""What is measured on: a running system with accounts, and how it is sent requests and asked."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg2

from dev.bench.processor import Processor
from dev.state import PROJECT
from dev.system import System
from ops.client import Client
from ops.instances import SERVICES

SECONDS = 5.0
ACCOUNTS = 200
REST_SECONDS_MAX = 300.0


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, its limit, and whether the aim is met."""

    name: str
    figure: str
    limit: str = "-"
    aim: str = "-"
    is_met: bool | None = None


@dataclass(frozen=True)
class Load:
    """What a load came to; times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    processor: str

    def __str__(self) -> str:
        return f"{self.per_second:.0f}/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"


class Ground:
    """A running system with accounts to measure on."""

    def __init__(self, system: System, client: Client) -> None:
        self.system, self.client, self.servers = system, client, system.servers
        self.processor = Processor(system)
        self.accounts = self._open_accounts()

    def load(
        self,
        connections: int,
        requests: list[dict[str, Any]],
        *,
        status: int,
        url: str | None = None,
    ) -> Load:
        """Send the requests for a while; every answer must have this status."""
        before = self.processor.read()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "dev.bench.load"),
                *(url or self.system.url, str(connections), str(SECONDS)),
            ],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            check=True,
            cwd=PROJECT,
        )
        found = json.loads(done.stdout)
        request = f"{requests[0]['verb']} {requests[0]['path']}"
        assert set(found["statuses"]) == {str(status)}, f"{request}: {found['statuses']}"
        if url is None:
            self.rest()  # what follows from a request is part of its price
        used = self.processor.tell(before, found["statuses"][str(status)])
        return Load(found["per_second"], found["p50"] * 1000, found["p99"] * 1000, used)

    def request(self, verb: str, path: str, body: Any = None) -> dict[str, Any]:
        """A request as the load generator takes it."""
        headers = {"Authorization": f"Bearer {self.client.api_key}"}
        if verb != "GET":
            headers["Idempotency-Key"] = f"bench-{time.time_ns()}-{{number}}"
        return {"verb": verb, "path": path, "headers": headers, "body": body}

    def payment(self, account_id: str) -> dict[str, Any]:
        """The body of a payment of 1.00."""
        return {
            "account_id": account_id,
            "amount": 100,
            "currency": "EUR",
            "method": "transfer",
            "value_date": today().isoformat(),
        }

    def invoice(self, number: int, issued_on: date) -> dict[str, Any]:
        """An invoice of one line, for one account after the other."""
        line = {"description": "Widget", "quantity": "2", "unit_price": 5000, "tax_percent": "19"}
        return {
            "account_id": self.accounts[number % len(self.accounts)],
            "currency": "EUR",
            "issued_on": issued_on.isoformat(),
            "lines": [line],
        }

    def ask(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """All that a query to a service's database answers with."""
        with closing(psycopg2.connect(self.servers.database_url(service))) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()

    def number(self, service: str, query: str) -> int:
        """The one number that a query answers with."""
        return int(self.ask(service, query)[0][0])

    def rest(self) -> None:
        """Wait until every event is published and, as far as can be seen, handled."""
        handled = [-1]

        def is_at_rest() -> bool:
            unpublished = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
            waiting = sum(self.number(service, unpublished) for service in SERVICES)
            before = handled[-1]
            handled.append(
                sum(self.number(service, "SELECT count(*) FROM inbox") for service in SERVICES)
            )
            time.sleep(0.5)
            return not waiting and handled[-1] == before

        wait_until(is_at_rest, REST_SECONDS_MAX)

    def _open_accounts(self) -> list[str]:
        staff = {"name": "Bench", "email": f"{time.time()}@bench.example", "role": "lead"}
        terms = {
            "country": "DE",
            "currency": "EUR",
            "language": "en",
            "time_zone": "UTC",
            "net_days": 14,
            "credit_limit": None,
            "owner_id": self.client.post("/v1/staff", staff)["staff_id"],
        }
        opened = []
        for number in range(ACCOUNTS):
            account = {**terms, "name": f"Bench {number}", "email": f"{number}@bench.example"}
            opened.append(self.client.post("/v1/accounts", account)["account_id"])
        self.rest()
        return opened


def today() -> date:
    """The business day of a system that goes by the clock of the world."""
    return datetime.now(UTC).date()


def wait_until(check: Callable[[], bool], seconds_max: float) -> None:
    """Wait for a truth."""
    until = time.monotonic() + seconds_max
    while not check():
        assert time.monotonic() < until, f"not so within {seconds_max:.0f} s"
        time.sleep(0.05)
