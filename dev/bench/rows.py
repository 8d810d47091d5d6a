"""The rows of the benchmark: each measures one thing and its limit, one right after the other."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from dev.bench import limits
from dev.client import Client
from dev.instances import SERVICES
from dev.state import PROJECT
from dev.system import System

SECONDS = 5.0
INVOICES = 10_000
ACCOUNTS = 40


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, its limit, and whether the aim is met."""

    name: str
    figure: str
    limit: str
    aim: str
    is_met: bool | None = None


class Bench:
    """A running system with accounts and open items to measure on."""

    def __init__(self, system: System, client: Client) -> None:
        self.system, self.client, self.servers = system, client, system.servers
        self.accounts = list(self._open_accounts())

    def rows(self) -> Iterator[Row]:
        """All rows, in an order in which each finds what it needs."""
        measures: list[Callable[[], Iterator[Row]]] = [
            self.memory,
            self.rpc,
            self.reads,
            self.bulk_issue,
            self.dunning,
            self.payments,
            self.event_latency,
            self.replay,
        ]
        for measure in measures:
            yield from measure()

    def memory(self) -> Iterator[Row]:
        """Memory of each process."""
        names = [*SERVICES, "gateway"]
        sizes = {name: _megabytes(self.system.supervisor.pid(name)) for name in names}
        shown = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
        yield Row("memory per process, MB", shown, "-", "< 100 each", max(sizes.values()) < 100)

    def rpc(self) -> Iterator[Row]:
        """A request that its owner refuses before it touches the database."""
        limit = limits.measure_round_trips(self.servers.amqp_uri("admin"), 2)
        for connections in (1, 20):
            found = self._load(connections, [self._request("GET", "/v1/accounts/nobody")])
            yield _row(
                f"RPC without database, {connections} connections",
                found,
                f"raw AMQP round trips, one at a time: {limit:.0f}/s",
                "-",
            )

    def reads(self) -> Iterator[Row]:
        """One account, against a stock nameko gateway and service that read the same row."""
        path = f"/v1/accounts/{self.accounts[0]}"
        with limits.stock_nameko(self.servers) as url:
            for connections in (1, 20):
                stock = _load(url, connections, [_plain(f"/accounts/{self.accounts[0]}")])
                ours = self._load(connections, [self._request("GET", path)])
                ratio = ours["per_second"] / stock["per_second"]
                yield _row(
                    f"read an account, {connections} connections",
                    ours,
                    f"stock nameko: {stock['per_second']:.0f}/s; ratio {ratio:.1f}",
                    ">= 3 x stock" if connections == 20 else "-",
                    is_met=ratio >= 3 if connections == 20 else None,
                )

    def bulk_issue(self) -> Iterator[Row]:
        """Invoices written and issued in batches of 1,000."""
        today = date.today()
        batches = [
            [self._invoice(number, today - timedelta(days=30)) for number in range(at, at + 1000)]
            for at in range(0, INVOICES, 1000)
        ]
        started = time.perf_counter()
        for batch in batches:
            answer = self.client.post("/v1/invoice-batches", {"invoices": batch})
            refused = [one for one in answer["results"] if one.get("code")]
            assert not refused, refused[0]
        rate = INVOICES / (time.perf_counter() - started)
        commits = limits.measure_commits(self.servers.database_url("billing"), 8, 2)
        yield Row(
            f"{INVOICES:,} invoices issued in bulk",
            f"{rate:.0f}/s",
            f"raw commits, 8 clients: {commits:.0f}/s",
            "> 1,000/s",
            rate > 1000,
        )

    def dunning(self) -> Iterator[Row]:
        """One simulated run over every open item."""
        self._wait_for_receivables()
        run_on = (date.today() + timedelta(days=1)).isoformat()
        started = time.perf_counter()
        run = self.client.post("/v1/dunning-runs", {"run_on": run_on})
        took = time.perf_counter() - started
        count = run["items_looked_at"]
        scan = self._seconds_to_count("collections", "receivable")
        yield Row(
            f"dunning run over {count:,} open items",
            f"{count / took:.0f} items/s",
            f"counting the same rows takes {scan * 1000:.0f} ms of {took * 1000:.0f}",
            "> 5,000 items/s",
            count / took > 5000,
        )

    def payments(self) -> Iterator[Row]:
        """A durable payment: ledger, allocation, events, answer."""
        body = {"amount": 100, "currency": "EUR", "method": "transfer"}
        body["value_date"] = date.today().isoformat()
        requests = [
            self._request("POST", "/v1/payments", {**body, "account_id": account})
            for account in self.accounts
        ]
        for connections in (1, 8, 20):
            commits = limits.measure_commits(self.servers.database_url("billing"), connections, 2)
            found = self._load(connections, requests)
            ratio = found["per_second"] / commits
            yield _row(
                f"receive a payment, {connections} connections",
                found,
                f"raw commits: {commits:.0f}/s; ratio {ratio:.2f}",
                ">= 0.1 x commits" if connections == 8 else "-",
                is_met=ratio >= 0.1 if connections == 8 else None,
            )

    def event_latency(self) -> Iterator[Row]:
        """From a payment's transaction in billing to its effects elsewhere, at about 100 events/s."""
        self._wait_until_published()
        [last] = self._ask("billing", "SELECT coalesce(max(id), 0) FROM outbox")[0]
        body = {"amount": 100, "currency": "EUR", "method": "transfer"}
        body["value_date"] = date.today().isoformat()
        until, number = time.perf_counter() + 8, 0
        with ThreadPoolExecutor(8) as pool:
            while time.perf_counter() < until:
                account = self.accounts[number % len(self.accounts)]
                pool.submit(self.client.post, "/v1/payments", {**body, "account_id": account})
                number += 1
                time.sleep(1 / 33)  # each payment announces three events
        self._wait_until_published()
        time.sleep(2)
        announced = dict(
            self._ask("billing", f"SELECT event_id, recorded_at FROM outbox WHERE id > {last}")
        )
        lags = sorted(
            (handled_at - announced[event_id]).total_seconds() * 1000
            for event_id, handled_at in self._ask(
                "collections",
                "SELECT event_id, handled_at FROM inbox"
                " WHERE handled_at > now() - interval '60 seconds'",
            )
            if event_id in announced
        )
        p50, p99 = lags[len(lags) // 2], lags[int(len(lags) * 0.99)]
        yield Row(
            f"event to effect, {len(announced) / 8:.0f} events/s",
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            f"{len(lags)} effects",
            "p99 < 300 ms",
            p99 < 300,
        )

    def replay(self) -> Iterator[Row]:
        """The first half year of the file of invoices, if it is there."""
        data = Path(os.environ.get("STEWARD_DATA", PROJECT.parent / "shared" / "data"))
        file = data / "receivables" / "accounts-receivable.csv"
        if not file.exists():
            yield Row("replay of half a year", "no file", "set STEWARD_DATA", "< 30 s")
            return
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "dev.replay", str(file), "--until", "2012-06-30", "--restart"],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took = time.perf_counter() - started
        yield Row(
            "replay of half a year, start-up included",
            f"{took:.0f} s",
            "full ERPs in process: 319 s, 442 s",
            "< 30 s",
            took < 30,
        )

    def _open_accounts(self) -> Iterator[str]:
        owner = self.client.post(
            "/v1/staff", {"name": "Bench", "email": f"{time.time()}@bench.example", "role": "lead"}
        )
        for number in range(ACCOUNTS):
            account = self.client.post(
                "/v1/accounts",
                {
                    "name": f"Bench {number}",
                    "country": "DE",
                    "currency": "EUR",
                    "language": "en",
                    "time_zone": "UTC",
                    "net_days": 14,
                    "credit_limit": None,
                    "owner_id": owner["staff_id"],
                    "email": f"pay{number}@bench.example",
                },
            )
            yield account["account_id"]

    def _invoice(self, number: int, issued_on: date) -> dict[str, Any]:
        return {
            "account_id": self.accounts[number % len(self.accounts)],
            "currency": "EUR",
            "issued_on": issued_on.isoformat(),
            "lines": [
                {
                    "description": "Widget",
                    "quantity": "2",
                    "unit_price": 5000,
                    "tax_percent": "19.00",
                }
            ],
        }

    def _request(self, verb: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.client.api_key}"}
        if verb != "GET":
            headers["Idempotency-Key"] = f"bench-{time.time()}-{{number}}"
        return {"verb": verb, "path": path, "headers": headers, "body": body}

    def _load(self, connections: int, requests: list[dict[str, Any]]) -> dict[str, Any]:
        return _load(self.system.url, connections, requests)

    def _wait_for_receivables(self) -> None:
        self._wait(
            lambda: self._ask("collections", "SELECT count(*) FROM receivable")[0][0] >= INVOICES
        )

    def _wait_until_published(self) -> None:
        unpublished = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        self._wait(lambda: self._ask("billing", unpublished)[0][0] == 0)

    def _wait(self, check: Callable[[], bool], seconds: float = 180) -> None:
        until = time.monotonic() + seconds
        while not check():
            assert time.monotonic() < until, f"not so within {seconds} s"
            time.sleep(0.1)

    def _ask(self, service: str, query: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.servers.database_url(service))
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall()
        finally:
            connection.close()

    def _seconds_to_count(self, service: str, table: str) -> float:
        started = time.perf_counter()
        self._ask(service, f"SELECT count(*), sum(balance) FROM {table}")
        return time.perf_counter() - started


def _load(url: str, connections: int, requests: list[dict[str, Any]]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "dev.bench.load", url, str(connections), str(SECONDS)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    wrong = {status: n for status, n in found["statuses"].items() if int(status) >= 500}
    assert not wrong, f"answers {wrong} to {requests[0]['verb']} {requests[0]['path']}"
    return found


def _plain(path: str) -> dict[str, Any]:
    return {"verb": "GET", "path": path}


def _row(
    name: str, found: dict[str, Any], limit: str, aim: str, *, is_met: bool | None = None
) -> Row:
    figure = (
        f"{found['per_second']:.0f}/s, p50 {found['p50'] * 1000:.1f} ms,"
        f" p99 {found['p99'] * 1000:.1f} ms"
    )
    return Row(name, figure, limit, aim, is_met)


def _megabytes(pid: int | None) -> float:
    """Proportional memory of a process; resident where the system does not tell."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
