"""The rows of the benchmark that a load makes: each measures one thing, and its limit right after it."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from dev.bench import limits
from dev.bench.effects import wait_for_rest
from dev.bench.figures import MS, PER_SECOND, TIMES, Figure, at_least, at_most
from dev.bench.ground import SECONDS, Ground, Load, send, today
from dev.bench.latency import LOOK_SECONDS, Watch, pay_steadily
from dev.bench.processor import read_seconds, share, tell

BULK = 10_000
BATCH = 1_000
LIMIT_SECONDS = 2.0


def rpc(ground: Ground) -> Iterator[Figure]:
    """A request that its owner refuses before it touches the database."""
    round_trips = limits.measure_round_trips(ground.running.amqp_uri, LIMIT_SECONDS)
    for connections in (1, 20):
        load = ground.load(connections, [ground.request("GET", "/v1/accounts/nobody")], status=422)
        yield Figure(
            f"RPC without database, {connections} connections",
            load.per_second,
            PER_SECOND,
            str(load),
            f"raw AMQP round trips, one at a time: {round_trips:.0f}/s",
        )


def reads(ground: Ground) -> Iterator[Figure]:
    """One account, against a stock nameko gateway and service that read the same row."""
    account_id = ground.accounts[0]
    plain = {"verb": "GET", "path": f"/accounts/{account_id}"}
    read = ground.request("GET", f"/v1/accounts/{account_id}")
    running = ground.running
    with limits.stock_nameko(running.databases["accounts"], running.amqp_uri) as url:
        for connections, aim in ((1, None), (20, at_least(4))):
            stock = send(url, connections, [plain], status=200)["per_second"]
            load = ground.load(connections, [read], status=200)
            name = f"reads, {connections} connections"
            yield Figure(
                name, load.per_second, PER_SECOND, str(load), f"stock nameko: {stock:.0f}/s"
            )
            yield Figure(f"{name}: by stock nameko", load.per_second / stock, TIMES, aim=aim)
    yield _price(name, load)


def payments(ground: Ground) -> Iterator[Figure]:
    """A durable payment: ledger, allocation, events, answer, and all that follows elsewhere."""
    url = ground.running.databases["billing"]
    for connections, aim in ((1, None), (8, at_least(0.1)), (32, None)):
        commits = limits.measure_commits(url, connections, LIMIT_SECONDS)
        pgbench = limits.measure_pgbench(url, connections, LIMIT_SECONDS)
        load = pay(ground, connections)
        name = f"payments, {connections} connections"
        limit = f"raw commits: {commits:.0f}/s; pgbench's script: {pgbench:.0f}/s"
        yield Figure(f"{name}: accepted", load.per_second, PER_SECOND, str(load), limit)
        yield Figure(f"{name}: handled everywhere", load.everywhere, PER_SECOND)
        yield Figure(f"{name}: by raw commits", load.per_second / commits, TIMES, aim=aim)
        yield _price(name, load)


def pay(ground: Ground, connections: int) -> Load:
    """A load of payments for one account after the other."""
    requests = [
        ground.request("POST", "/v1/payments", ground.payment(account))
        for account in ground.accounts
    ]
    return ground.load(connections, requests, status=201)


def _price(name: str, load: Load) -> Figure:
    return Figure(f"{name}: processor", sum(load.costs.values()), MS, tell(load.costs))


def invoices(ground: Ground) -> Iterator[Figure]:
    """Invoices written and issued in batches."""
    issued_on = today() - timedelta(days=30)
    written = [ground.invoice(number, issued_on) for number in range(BULK)]
    yield from _in_bulk(ground, "invoices", written)


def batches(ground: Ground) -> Iterator[Figure]:
    """Payments received in batches."""
    accounts = ground.accounts
    received = [ground.payment(accounts[number % len(accounts)]) for number in range(BULK)]
    yield from _in_bulk(ground, "payments", received)


def _in_bulk(ground: Ground, things: str, rows: list[dict[str, Any]]) -> Iterator[Figure]:
    before, started = read_seconds(ground.running), time.time()
    for at in range(0, BULK, BATCH):
        body = {things: rows[at : at + BATCH]}
        answer = ground.client.post(f"/v1/{things.removesuffix('s')}-batches", body)
        assert answer["refused"] == 0, answer
    accepted = BULK / (time.time() - started)
    rest = wait_for_rest(ground.running)
    commits = limits.measure_commits(ground.running.databases["billing"], 8, LIMIT_SECONDS)
    name, limit = f"{BULK:,} {things} in bulk", f"raw commits, 8 clients: {commits:.0f}/s"
    yield Figure(f"{name}: accepted", accepted, PER_SECOND, limit=limit, aim=at_least(3000))
    everywhere = BULK / (rest.since - started)
    yield Figure(f"{name}: handled everywhere", everywhere, PER_SECOND, aim=at_least(1500))
    costs = share(before, rest.used, BULK)
    yield Figure(f"{name}: processor", sum(costs.values()), MS, tell(costs))


def dunning(ground: Ground) -> Iterator[Figure]:
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
    yield Figure(
        "dunning run, open items",
        count / took,
        PER_SECOND,
        f"{count:,} items",
        f"merely fetching their rows: {count / fetched:.0f}/s",
        at_least(5000),
    )


def latency(ground: Ground) -> Iterator[Figure]:
    """From the commit of a payment in billing to its effects in collections, at 100 events/s."""
    urls = [ground.running.databases[service] for service in ("billing", "collections")]
    before = ground.number("billing", "SELECT count(*) FROM outbox")
    ground.client.post("/v1/payments", ground.payment(ground.accounts[0]))
    each = ground.number("billing", "SELECT count(*) FROM outbox") - before
    with Watch(*urls) as watch:
        took = pay_steadily(ground, per_second=100 / each, seconds=2 * SECONDS)
    lags = watch.milliseconds()
    for name, part, aim in (("p50", 0.5, None), ("p99", 0.99, at_most(30))):
        yield Figure(
            f"event, from commit to effect, {name}",
            lags[int(len(lags) * part)],
            MS,
            f"{len(lags)} effects, {watch.count / took:.0f} events/s",
            f"looked for every {1000 * LOOK_SECONDS:.0f} ms",
            aim,
        )
