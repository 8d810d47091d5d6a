"""The limits that figures are held against: raw commits, raw round trips, a stock nameko service."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import amqp
import psycopg2
from kombu import Connection

from dev.ports import free_port, wait_open
from dev.servers import Servers
from dev.state import PROJECT


def measure_commits(database_url: str, clients: int, seconds: float) -> float:
    """Commits per second: each client inserts one small row and commits, as pgbench would."""
    with psycopg2.connect(database_url) as setup, setup.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_commit (id bigserial, data text)")
    setup.close()
    done = [0] * clients
    until = time.perf_counter() + seconds

    def insert(client: int) -> None:
        connection = psycopg2.connect(database_url)
        with connection.cursor() as cursor:
            while time.perf_counter() < until:
                cursor.execute("INSERT INTO bench_commit (data) VALUES ('x')")
                connection.commit()
                done[client] += 1
        connection.close()

    threads = [threading.Thread(target=insert, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection = psycopg2.connect(database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_commit")
    connection.close()
    return sum(done) / seconds


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
def stock_nameko(servers: Servers) -> Iterator[str]:
    """The address of a stock nameko gateway and service that read accounts' own database."""
    port = free_port()
    environment = {
        **os.environ,
        "BASELINE_DATABASE_URL": servers.database_url("accounts").replace("://", "+psycopg2://", 1),
    }
    command = [
        str(Path(sys.executable).with_name("nameko")),
        "run",
        "--broker",
        servers.amqp_uri("admin"),
        "--define",
        f"WEB_SERVER_ADDRESS=127.0.0.1:{port}",
    ]
    processes = [
        subprocess.Popen(
            [*command, f"dev.bench.baseline:{name}"],
            env=environment,
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name in ("BaselineAccounts", "BaselineGateway")
    ]
    try:
        assert wait_open(port, seconds_max=30), "the stock nameko gateway did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.kill()
            process.wait()
