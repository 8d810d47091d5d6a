"""What is measured on: a running system with accounts, and how it is sent requests and asked."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self

import psycopg2

from dev.bench.effects import Rest, wait_for_rest
from dev.bench.processor import Seconds, read_seconds, share
from dev.bench.side import Side
from dev.state import PROJECT
from ops.client import Client

SECONDS = 5.0
ACCOUNTS = 200


@dataclass(frozen=True)
class Load:
    """What a load came to; times in milliseconds, `costs` in those of processor for each request.

    `everywhere` is how many a second when all that followed is counted in."""

    per_second: float
    p50: float
    p99: float
    everywhere: float
    costs: dict[str, float]

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"


class Ground:
    """A system of a side that runs inside its block, with accounts to measure on."""

    def __init__(self, side: Side, name: str = "bench") -> None:
        """Describe the ground: whose code, and the name of the instance."""
        self.side, self.name = side, name

    def __enter__(self) -> Self:
        """Start the system and open the accounts."""
        self.running = self.side.start(self.name)
        self.birth_seconds = self.running.seconds
        self.client = Client(self.running.url, self.running.api_key)
        self.accounts = self._open_accounts()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the system and drop its data; after an error the side does that."""
        self.client.close()
        if error is None:
            self.side.stop(self.name)

    def restart(self) -> None:
        """Stop all processes in good order and start them again."""
        self.client.close()
        self.running = self.side.restart(self.name)
        self.client = Client(self.running.url, self.running.api_key)

    def load(self, connections: int, requests: Sequence[dict[str, Any]], *, status: int) -> Load:
        """Send the requests for a while; every answer must have this status.

        What follows from a request is part of its price."""
        before = read_seconds(self.running)
        found = send(self.running.url, connections, requests, status=status)
        rest = wait_for_rest(self.running)
        return _tell_load(found, rest, before)

    def look(
        self, connections: int, requests: Sequence[dict[str, Any]], per_second: float | None = None
    ) -> Load:
        """Send requests for a while from which nothing follows: at that rate, or one after the other."""
        before = read_seconds(self.running)
        found = send(self.running.url, connections, requests, status=200, per_second=per_second)
        return _tell_load(found, Rest(time.time(), read_seconds(self.running)), before)

    def request(
        self, verb: str, path: str, body: Any = None, *, api_key: str | None = None
    ) -> dict[str, Any]:
        """A request as the load generator takes it; by the system's own key unless by another."""
        headers = {"Authorization": f"Bearer {api_key or self.client.api_key}"}
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
        with closing(psycopg2.connect(self.running.databases[service])) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()

    def activate(self) -> None:
        """Let sales take its accounts for active, as confirming an order needs."""
        with closing(psycopg2.connect(self.running.databases["sales"])) as connection, connection:
            connection.cursor().execute("UPDATE account SET status = 'active'")

    def number(self, service: str, query: str) -> int:
        """The one number that a query answers with."""
        return int(self.ask(service, query)[0][0])

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
        wait_for_rest(self.running)
        return opened


def send(
    url: str,
    connections: int,
    requests: Sequence[dict[str, Any]],
    *,
    status: int,
    per_second: float | None = None,
) -> dict[str, Any]:
    """Send requests for `SECONDS`, twice as long at a rate, from a process of its own; what
    `dev.bench.load` told of them."""
    told = [url, connections, *([2 * SECONDS, per_second] if per_second else [SECONDS])]
    done = subprocess.run(
        [sys.executable, "-m", "dev.bench.load", *map(str, told)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    request = f"{requests[0]['verb']} {requests[0]['path']}"
    assert set(found["statuses"]) == {str(status)}, f"{request}: {found['statuses']}"
    return found


def _tell_load(found: dict[str, Any], rest: Rest, before: Seconds) -> Load:
    [count] = found["statuses"].values()
    return Load(
        per_second=found["per_second"],
        p50=found["p50"] * 1000,
        p99=found["p99"] * 1000,
        everywhere=count / (rest.since - found["began"]),
        costs=share(before, rest.used, count),
    )


def today() -> date:
    """The business day of a system that goes by the clock of the world."""
    return datetime.now(UTC).date()
