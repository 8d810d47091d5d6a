"""The rows of the benchmark: each measures one thing and its limit, one right after the other."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from dev.bench import limits
from dev.bench.ground import SECONDS, Ground, Row, today
from dev.bench.latency import LOOK_SECONDS, Watch
from dev.bench.processor import read_megabytes
from dev.state import PROJECT
from ops.instances import OWNERS

INVOICES = 10_000
BATCH = 1_000
LIMIT_SECONDS = 2.0


def rpc(ground: Ground) -> Iterator[Row]:
    """A request that its owner refuses before it touches the database."""
    round_trips = limits.measure_round_trips(ground.servers.amqp_uri("admin"), LIMIT_SECONDS)
    for connections in (1, 20):
        load = ground.load(connections, [ground.request("GET", "/v1/accounts/nobody")], status=422)
        yield Row(
            f"RPC without database, {connections} connections",
            str(load),
            f"raw AMQP round trips, one at a time: {round_trips:.0f}/s",
        )


def reads(ground: Ground) -> Iterator[Row]:
    """One account, against a stock nameko gateway and service that read the same row."""
    account_id = ground.accounts[0]
    plain = {"verb": "GET", "path": f"/accounts/{account_id}"}
    with limits.stock_nameko(ground.servers) as url:
        for connections in (1, 20):
            stock = ground.load(connections, [plain], status=200, url=url)
            ours = ground.load(
                connections, [ground.request("GET", f"/v1/accounts/{account_id}")], status=200
            )
            ratio = ours.per_second / stock.per_second
            has_aim = connections == 20
            yield Row(
                f"read an account, {connections} connections",
                str(ours),
                f"stock nameko: {stock}; ratio {ratio:.1f}",
                ">= 3 x stock" if has_aim else "-",
                ratio >= 3 if has_aim else None,
            )
    yield Row("processor per read, ms", ours.processor)


def payments(ground: Ground) -> Iterator[Row]:
    """A durable payment: ledger, allocation, events, answer, and all that follows elsewhere."""
    url = ground.servers.database_url("billing")
    for connections in (1, 8, 20):
        commits = limits.measure_commits(url, connections, LIMIT_SECONDS)
        pgbench = limits.measure_pgbench(url, connections, LIMIT_SECONDS)
        requests = [
            ground.request("POST", "/v1/payments", ground.payment(account))
            for account in ground.accounts
        ]
        load = ground.load(connections, requests, status=201)
        ratio = load.per_second / commits
        has_aim = connections == 8
        yield Row(
            f"receive a payment, {connections} connections",
            str(load),
            f"raw commits: {commits:.0f}/s, ratio {ratio:.2f}; pgbench's script: {pgbench:.0f}/s",
            ">= 0.1 x commits" if has_aim else "-",
            ratio >= 0.1 if has_aim else None,
        )
    yield Row("processor per payment, ms", load.processor)


def invoices(ground: Ground) -> Iterator[Row]:
    """Invoices written and issued in batches."""
    issued_on = today() - timedelta(days=30)
    batches = [
        [ground.invoice(number, issued_on) for number in range(at, at + BATCH)]
        for at in range(0, INVOICES, BATCH)
    ]
    started = time.perf_counter()
    for batch in batches:
        answer = ground.client.post("/v1/invoice-batches", {"invoices": batch})
        assert answer["refused"] == 0, answer
    rate = INVOICES / (time.perf_counter() - started)
    ground.rest()
    everywhere = INVOICES / (time.perf_counter() - started)
    commits = limits.measure_commits(ground.servers.database_url("billing"), 8, LIMIT_SECONDS)
    yield Row(
        f"{INVOICES:,} invoices issued in bulk",
        f"{rate:.0f}/s; known to all services: {everywhere:.0f}/s",
        f"raw commits, 8 clients: {commits:.0f}/s",
        "> 1,000/s",
        rate > 1000,
    )


def dunning(ground: Ground) -> Iterator[Row]:
    """One simulated run over every open item; issues them first where there are none."""
    if not ground.number("collections", "SELECT count(*) FROM receivable"):
        yield from invoices(ground)
    started = time.perf_counter()
    run_on = (today() + timedelta(days=1)).isoformat()
    run = ground.client.post("/v1/dunning-runs", {"run_on": run_on})
    took = time.perf_counter() - started
    started = time.perf_counter()
    ground.ask("collections", "SELECT * FROM receivable WHERE status = 'open'")
    fetched = time.perf_counter() - started
    count = run["items_looked_at"]
    yield Row(
        f"dunning run over {count:,} open items",
        f"{count / took:.0f} items/s",
        f"merely fetching their rows: {count / fetched:.0f}/s",
        "> 5,000 items/s",
        count / took > 5000,
    )


def latency(ground: Ground) -> Iterator[Row]:
    """From the commit of a payment in billing to its effects in collections, at 100 events/s."""
    before = ground.number("billing", "SELECT count(*) FROM outbox")
    ground.client.post("/v1/payments", ground.payment(ground.accounts[0]))
    each = ground.number("billing", "SELECT count(*) FROM outbox") - before
    urls = [ground.servers.database_url(service) for service in ("billing", "collections")]
    with Watch(*urls) as watch, ThreadPoolExecutor(8) as pool:
        started, paying = time.perf_counter(), []
        for number in range(int(SECONDS * 2 * 100 / each)):
            body = ground.payment(ground.accounts[number % len(ground.accounts)])
            paying.append(pool.submit(ground.client.post, "/v1/payments", body))
            time.sleep(max(0.0, started + number * each / 100 - time.perf_counter()))
        took = time.perf_counter() - started
        for payment in paying:
            payment.result()
        ground.rest()
    lags = watch.milliseconds()
    p50, p99 = lags[len(lags) // 2], lags[int(len(lags) * 0.99)]
    yield Row(
        f"event, from commit to effect, at {watch.count / took:.0f} events/s",
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms ({len(lags)} effects)",
        f"looked for every {1000 * LOOK_SECONDS:.0f} ms",
        "p99 < 300 ms",
        p99 < 300,
    )


def start(ground: Ground) -> Iterator[Row]:
    """All processes stopped in good order and started again."""
    supervisor = ground.system.supervisor
    supervisor.stop()
    started = time.perf_counter()
    supervisor.start()
    supervisor.wait_ready()
    yield Row("start of all processes", f"{time.perf_counter() - started:.1f} s")


def memory(ground: Ground) -> Iterator[Row]:
    """Memory of each process, after the rows before."""
    sizes = {name: read_megabytes(ground.system.supervisor.pid(name)) for name in OWNERS}
    yield Row(
        "memory per process, MB: proportional (resident)",
        ", ".join(f"{name} {pss:.0f} ({rss:.0f})" for name, (pss, rss) in sizes.items()),
        aim="< 100 each",
        is_met=max(rss for _, rss in sizes.values()) < 100,
    )


def replay(_: Ground) -> Iterator[Row]:
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
        stderr=subprocess.DEVNULL,
    )
    took = time.perf_counter() - started
    yield Row(
        "replay of half a year, start-up included",
        f"{took:.0f} s",
        "full ERPs in process: 319 s, 442 s",
        "< 30 s",
        took < 30,
    )


ROWS = {
    measure.__name__: measure
    for measure in (rpc, reads, invoices, dunning, payments, latency, memory, start, replay)
}
"""In an order in which each finds what it needs."""
