"""Replicas of the till as real processes, started again at once when they die, and who calls them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import amqp
import httpx
import orjson
from kombu import Connection
from sqlalchemy import Engine, create_engine, text

from dev.ports import free_port
from dev.servers import Servers
from kernel import rpc
from kernel.broker import replies_exchange
from tests.chassis.conftest import ANYBODY, SECRET

PACKAGE = "tests.faults.till"
QUEUE = "till.till"
STOP_SECONDS_MAX = 30
LADDER_SECONDS = (0.1, 0.2, 0.3, 0.4, 0.5)
_CHASSIS = (sys.executable, "-W", "ignore", "-m", "chassis")


class Fleet:
    """Some replicas of the till, their database and the folder in which they leave traces."""

    def __init__(self, servers: Servers, folder: Path, *, replicas: int, **extra: str) -> None:
        self.folder = folder
        self.admin_uri = servers.amqp_uri("admin")
        url = servers.database_url("billing")
        self.engine: Engine = create_engine(url.replace("://", "+psycopg2://", 1))
        self.environment = {
            **os.environ,
            "AMQP_URI": servers.amqp_uri("till"),
            "DATABASE_URL": url,
            "STEWARD_CALL_KEY": rpc.derive_key(SECRET, "till").hex(),
            "STEWARD_ENV": "development",
            "STEWARD_LOG": "text",
            "STEWARD_RETRY_SECONDS": ",".join(map(str, LADDER_SECONDS)),
            "TILL_FOLDER": str(folder),
            **extra,
        }
        self.deaths = 0
        self._ports = [free_port() for _ in range(replicas)]
        subprocess.run([*_CHASSIS, "migrate", PACKAGE], env=self.environment, check=True)
        self.processes = [self._spawn(number) for number in range(replicas)]

    def tend(self) -> None:
        """Start again what has died."""
        for number, process in enumerate(self.processes):
            if process.poll() is not None:
                self.deaths += 1
                self.processes[number] = self._spawn(number)

    def kill(self, number: int) -> None:
        """End one replica at once; the next `tend` starts it again."""
        self.processes[number].kill()
        self.processes[number].wait()

    def replace(self, number: int) -> int:
        """Stop one replica in good order and start it again; the exit status of the old one."""
        self.processes[number].terminate()
        status = self.processes[number].wait(STOP_SECONDS_MAX)
        self.processes[number] = self._spawn(number)
        return status

    def wait_ready(self) -> None:
        """Wait until all replicas can do their work."""
        for port in self._ports:
            self.wait_until(lambda port=port: _is_ready(port))

    def kill_all(self) -> None:
        """End all replicas at once; the next `tend` starts them again."""
        for number in range(len(self.processes)):
            self.kill(number)

    def close(self) -> None:
        """End all replicas for good."""
        self.kill_all()
        self.engine.dispose()

    def wait_until(self, check: Callable[[], Any], seconds: float = 60) -> Any:
        """Wait for a truth, keeping the replicas running meanwhile."""
        until = time.monotonic() + seconds
        while not (found := check()):
            assert time.monotonic() < until, f"not so within {seconds} s; logs in {self.folder}"
            self.tend()
            time.sleep(0.05)
        return found

    def count(self, sql: str, **values: Any) -> int:
        """The one number that a query answers with."""
        with self.engine.connect() as connection:
            return int(connection.execute(text(sql), values).scalar_one())

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """All that a query answers with."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))

    def trace(self, name: str) -> list[str]:
        """The lines that replicas have left in a file."""
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def forget(self) -> None:
        """Empty the tables and the folder of traces. The inbox stays: events of an earlier test may
        come once more."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(
                "TRUNCATE purse, taking, effect, purse_copy, applied, outbox, subject_sequence,"
                " answers, parked"
            )
        for path in self.folder.glob("died-*"):
            path.unlink()
        for name in ("repeated", "tries", "broken"):
            (self.folder / name).unlink(missing_ok=True)

    def is_settled(self) -> bool:
        """Whether every event that was announced is on the wire, and handled or parked."""
        return not self.count("SELECT count(*) FROM outbox WHERE published_at IS NULL") and not (
            self.count(
                "SELECT count(*) FROM outbox o WHERE NOT EXISTS"
                " (SELECT 1 FROM inbox i WHERE i.event_id = o.event_id) AND NOT EXISTS"
                " (SELECT 1 FROM parked p WHERE p.event_id = o.event_id)"
            )
        )

    def assert_exact(self, accepted: int, *, failed: int = 0, hostile: int = 0) -> None:
        """What was accepted was done, announced and heard once, but for those that failed and lie parked
        with the hostile; nothing else was."""
        assert self.count("SELECT count(*) FROM taking") == accepted
        assert self.count("SELECT coalesce(sum(balance), 0) FROM purse") == accepted
        assert self.count("SELECT count(DISTINCT event_id) FROM outbox") == accepted
        assert self.count("SELECT count(*) FROM effect") == accepted - failed
        assert self.count("SELECT count(DISTINCT event_id) FROM effect") == accepted - failed
        assert self.count("SELECT count(*) FROM parked") == failed + hostile
        if not failed:
            assert self.count("SELECT coalesce(sum(balance), 0) FROM purse_copy") == accepted

    def _spawn(self, number: int) -> subprocess.Popen[bytes]:
        with open(self.folder / f"replica-{number}.log", "ab") as log:
            return subprocess.Popen(
                [*_CHASSIS, "run", PACKAGE],
                env={**self.environment, "STEWARD_HEALTH_PORT": str(self._ports[number])},
                stdout=log,
                stderr=log,
            )


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


class Caller:
    """Calls the till as the gateway would; many calls may be out at once."""

    def __init__(self, uri: str) -> None:
        self.connection = Connection(uri)
        self.connection.connect()
        self.channel = self.connection.channel()
        self.channel.auto_decode = False
        self.reply_to = f"rpc.reply-gateway-{uuid.uuid4()}"
        self.channel.queue_declare(self.reply_to, exclusive=True)
        self.channel.queue_bind(self.reply_to, replies_exchange("till"), self.reply_to)
        self.channel.basic_consume(self.reply_to, no_ack=True, callback=self._on_reply)
        self.answers: dict[str, dict[str, Any]] = {}
        self._commands: dict[str, str] = {}  # by correlation id

    def send(
        self,
        method: str,
        values: dict[str, Any],
        *,
        command_id: str | None = None,
        seconds: float = 30,
        expires: bool = False,
    ) -> str:
        """Send a call; its command id, under which the answer will be found."""
        command_id, call_id = command_id or str(uuid.uuid4()), str(uuid.uuid4())
        body = orjson.dumps({"args": [], "kwargs": values})
        address = rpc.address_of("till", method)
        voucher = rpc.Voucher(
            call_id, address, ANYBODY, command_id, time.time() + seconds, command_id
        )
        claims = orjson.dumps(rpc.write_claims(voucher, body))
        self._commands[call_id] = command_id
        self.publish(
            body,
            exchange="nameko-rpc",
            routing_key=address,
            headers={rpc.TOKEN_HEADER: rpc.seal(rpc.derive_key(SECRET, "till"), claims)},
            delivery_mode=1,
            user_id="steward_gateway",
            reply_to=self.reply_to,
            correlation_id=call_id,
            **({"expiration": str(int(seconds * 1000))} if expires else {}),
        )
        return command_id

    def publish(
        self,
        body: bytes,
        *,
        exchange: str = "till.queues",
        routing_key: str = QUEUE,
        headers: dict[str, Any] | None = None,
        **properties: Any,
    ) -> None:
        """Send any message anywhere; to the till's queue of events unless said otherwise."""
        message = amqp.Message(
            body,
            application_headers=headers or {},
            **{
                "content_type": "application/json",
                "content_encoding": "utf-8",
                "delivery_mode": 2,
                "user_id": "steward_till",
                **properties,
            },
        )
        self.channel.basic_publish(message, exchange=exchange, routing_key=routing_key)

    def collect(self, seconds: float = 0.05) -> None:
        """Take in the answers that arrive within a time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                self.connection.drain_events(timeout=left)
            except TimeoutError:
                return

    def take(self, account_ids: Iterable[str], *, plan: str = "") -> list[str]:
        """Take 1 of each account; the command ids."""
        return [
            self.send("take_money", {"account_id": account_id, "amount": 1, "plan": plan})
            for account_id in account_ids
        ]

    def await_answers(self, fleet: Fleet, command_ids: Iterable[str], seconds: float = 60) -> None:
        """Wait until all these calls are answered, each with a result."""
        late = self.await_results(fleet, command_ids, seconds)
        assert not late, f"{len(late)} calls came too late"

    def await_results(
        self, fleet: Fleet, command_ids: Iterable[str], seconds: float = 60
    ) -> set[str]:
        """Wait until all these calls are answered, each with a result or as come too late; the ids of
        those that came too late, which were not run."""
        wanted = set(command_ids)

        def are_there() -> bool:
            self.collect()
            return wanted <= self.answers.keys()

        fleet.wait_until(are_there, seconds)
        refused = {one for one in wanted if self.answers[one]["error"] is not None}
        problems = {self.answers[one]["error"]["problem"]["code"] for one in refused}
        assert problems <= {"deadline_passed"}, problems
        return refused

    def _on_reply(self, message: amqp.Message) -> None:
        command_id = self._commands.pop(message.properties["correlation_id"], "")
        self.answers[command_id] = orjson.loads(message.body)
