"""The limits that figures are held against: commits, round trips, a stock nameko service."""

import contextlib
import http.client
import os
import random
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import amqp
import psycopg2
from kombu import Connection

from dev.ports import free_port
from dev.state import PROJECT

ANSWER_SECONDS_MAX, BUS_SECONDS_MAX = 5.0, 120.0  # of a stock nameko service that starts


def measure_commits(database_url: str, clients: int, seconds: float) -> float:
    """Commits per second: each client inserts one small row and commits."""
    with _scratch(database_url, "CREATE TABLE bench_commit (id bigserial, data text)"):
        insert = "INSERT INTO bench_commit (data) VALUES ('x')"
        return _measure_transactions(database_url, clients, seconds, lambda _: [insert])


def measure_pgbench(database_url: str, clients: int, seconds: float) -> float:
    """Transactions per second of pgbench's own script, which is TPC-B's: five statements, commit."""

    def script(chance: random.Random) -> list[str]:
        account, teller, delta = chance.randrange(100_000), chance.randrange(10), 1
        return [
            f"UPDATE bench_account SET balance = balance + {delta} WHERE id = {account}",
            f"SELECT balance FROM bench_account WHERE id = {account}",
            f"UPDATE bench_teller SET balance = balance + {delta} WHERE id = {teller}",
            f"UPDATE bench_branch SET balance = balance + {delta} WHERE id = 0",
            f"INSERT INTO bench_commit (data) VALUES ('{account} {teller} {delta}')",
        ]

    tables = "CREATE TABLE bench_commit (id bigserial, data text);" + "".join(
        f"CREATE TABLE bench_{name} AS SELECT id, 0 AS balance FROM generate_series(0, {last}) AS id;"
        f"ALTER TABLE bench_{name} ADD PRIMARY KEY (id);"
        for name, last in (("account", 99_999), ("teller", 9), ("branch", 0))
    )
    with _scratch(database_url, tables):
        return _measure_transactions(database_url, clients, seconds, script)


@contextlib.contextmanager
def _scratch(database_url: str, tables: str) -> Iterator[None]:
    names = re.findall(r"CREATE TABLE (\w+)", tables)
    with contextlib.closing(psycopg2.connect(database_url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(tables)
        try:
            yield
        finally:
            cursor.execute(f"DROP TABLE {', '.join(names)}")


def _measure_transactions(
    database_url: str, clients: int, seconds: float, script: Callable[[random.Random], list[str]]
) -> float:
    """Each client does one at least: on a busy machine it may take longer to connect."""
    done = [0] * clients
    started = time.perf_counter()

    def work(client: int) -> None:
        chance = random.Random(client)
        with contextlib.closing(psycopg2.connect(database_url)) as connection:
            cursor = connection.cursor()
            while not done[client] or time.perf_counter() < started + seconds:
                for statement in script(chance):
                    cursor.execute(statement)
                connection.commit()
                done[client] += 1

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    return sum(done) / (time.perf_counter() - started)


def measure_round_trips(amqp_uri: str, seconds: float) -> float:
    """Round trips per second of one small transient message through one queue, one at a time."""
    with Connection(amqp_uri) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        returned: list[amqp.Message] = []
        channel.basic_consume(queue, no_ack=True, callback=returned.append)
        done, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            channel.basic_publish(amqp.Message(b"{}", delivery_mode=1), routing_key=queue)
            while not returned:
                connection.drain_events(timeout=5)
            returned.clear()
            done += 1
    return done / seconds


@contextlib.contextmanager
def stock_nameko(database_url: str, amqp_uri: str) -> Iterator[str]:
    """The address of a stock nameko gateway and service that read accounts' own database.

    A gateway that is asked before its queue of replies is there ends all its work, and its process stays:
    one that does not answer is started again."""
    port = free_port()
    environment = {
        **os.environ,
        "BASELINE_DATABASE_URL": database_url.replace("://", "+psycopg2://", 1),
    }
    command = [
        str(Path(sys.executable).with_name("nameko")),
        "run",
        "--broker",
        amqp_uri,
        "--define",
        f"WEB_SERVER_ADDRESS=127.0.0.1:{port}",
    ]
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + BUS_SECONDS_MAX
    processes: dict[str, subprocess.Popen[bytes]] = {}
    found = False
    try:
        while not found:
            assert time.monotonic() < until, "the stock nameko gateway does not find its service"
            for name in ("BaselineAccounts", "BaselineGateway"):
                if name not in processes or processes[name].poll() is not None:
                    processes[name] = subprocess.Popen(
                        [*command, f"dev.bench.baseline:{name}"],
                        env=environment,
                        cwd=PROJECT,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
            time.sleep(0.05)
            try:
                found = finds_its_service(url)
            except TimeoutError:
                processes["BaselineGateway"].kill()
                processes["BaselineGateway"].wait()
        yield url
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


def finds_its_service(url: str) -> bool:
    """Whether a stock nameko gateway's service is on the bus by now; it fails for what is not there.

    While either starts, nobody may listen yet, and a connection may be closed without an answer.

    Raises:
        TimeoutError: there is no answer in time.
    """
    try:
        urllib.request.urlopen(f"{url}/accounts/nobody", timeout=ANSWER_SECONDS_MAX)
    except urllib.error.HTTPError as error:
        return b"UnknownService" not in error.read()
    except TimeoutError:
        raise
    except (OSError, http.client.HTTPException):
        return False
    return True
