"""Fixtures for the chassis' tests: the probe as a real process, a caller signed as by the gateway."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import amqp
import httpx
import orjson
import pytest
from kombu import Connection
from sqlalchemy import Engine, create_engine

from dev import servers as development_servers
from dev.ports import free_port
from dev.servers import Servers
from kernel import rpc
from kernel.broker import RPC_EXCHANGE, replies_exchange
from kernel.callers import Caller
from tests.chassis.sending import Sender
from tests.engines import engines_on

SECRET = secrets.token_bytes(32)
PACKAGE = "tests.chassis.probe"
QUEUE = "probe.probe"
ANYBODY = Caller("key_test", frozenset({"*"}))


class Client:
    """Calls a service as the gateway would, one call at a time, with a token for each."""

    def __init__(
        self, uri: str, service: str = "probe", answers_from: str = "steward_probe"
    ) -> None:
        self.service = service
        self.answers_from = answers_from
        self.connection = Connection(uri)
        self.connection.connect()
        self.user = self.connection.userid
        self.channel = self.connection.channel()
        self.channel.auto_decode = False
        self.reply_to = f"rpc.reply-gateway-{uuid.uuid4()}"
        self.channel.queue_declare(self.reply_to, exclusive=True)
        self.channel.queue_bind(self.reply_to, replies_exchange(service), self.reply_to)
        self.replies: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.channel.basic_consume(self.reply_to, no_ack=True, callback=self._on_reply)
        self.caller = ANYBODY

    def _on_reply(self, message: amqp.Message) -> None:
        assert message.properties["user_id"] == self.answers_from
        key = message.properties["correlation_id"]
        self.replies[key] = (orjson.loads(message.body), message.headers)

    def vouch(self, method: str, body: bytes, call_id: str, **facts: Any) -> str:
        """The token for one call."""
        voucher = rpc.Voucher(
            **{
                "call_id": call_id,
                "address": rpc.address_of(self.service, method),
                "caller": self.caller,
                "request_id": f"req_{call_id}",
                "deadline": time.time() + 10,
                "command_id": call_id,
                **facts,
            }
        )
        claims = orjson.dumps(rpc.write_claims(voucher, body))
        return rpc.seal(rpc.derive_key(SECRET, self.service), claims)

    def send(
        self,
        method: str,
        kwargs: Any = None,
        *,
        headers: Any = None,
        seconds: float = 10,
        token: str | None = None,
        **facts: Any,
    ) -> str:
        """Send a call; the id under which its answer will be found. `facts` are what is vouched for."""
        key = str(uuid.uuid4())
        body = (
            kwargs
            if isinstance(kwargs, bytes)
            else orjson.dumps({"args": [], "kwargs": kwargs or {}})
        )
        if token is None:
            deadline = time.time() + seconds
            token = self.vouch(method, body, key, **{"deadline": deadline, **facts})
        self.publish(method, body, key, {rpc.TOKEN_HEADER: token, **(headers or {})})
        return key

    def publish(self, method: str, body: bytes, key: str, headers: dict[str, Any]) -> None:
        """Publish a request."""
        message = amqp.Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            reply_to=self.reply_to,
            correlation_id=key,
            user_id=self.user,
            application_headers=headers,
        )
        address = rpc.address_of(self.service, method)
        self.channel.basic_publish(message, exchange=RPC_EXCHANGE, routing_key=address)

    def reply(self, key: str, seconds: float = 15) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while key not in self.replies:
            self.connection.drain_events(timeout=max(0.01, until - time.monotonic()))
        return self.replies.pop(key)[0]

    def call(self, method: str, seconds: float = 10, **kwargs: Any) -> dict[str, Any]:
        return self.reply(self.send(method, kwargs, seconds=seconds))

    def result(self, method: str, **kwargs: Any) -> Any:
        answer = self.call(method, **kwargs)
        assert answer["error"] is None, answer
        return answer["result"]

    def problem(self, method: str, **kwargs: Any) -> dict[str, Any]:
        problem: dict[str, Any] = self.call(method, **kwargs)["error"]["problem"]
        return problem


class Teller:
    """Publishes what a test wants said, as one user of the broker."""

    def __init__(self, uri: str) -> None:
        self.connection = Connection(uri)
        self.connection.connect()
        self.user = self.connection.userid
        self.channel = self.connection.channel()

    def tell(
        self,
        body: bytes,
        headers: dict[str, Any] | None = None,
        *,
        exchange: str = "probe.queues",
        routing_key: str = QUEUE,
        **properties: Any,
    ) -> None:
        """Publish to the probe's queue of events unless said otherwise."""
        message = amqp.Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            application_headers=headers or {},
            **{"user_id": self.user, **properties},
        )
        self.channel.basic_publish(message, exchange=exchange, routing_key=routing_key)


class Probe:
    """The probe's processes, its database and a client."""

    def __init__(self, servers: Servers, folder: Path, clock: str, **extra: str) -> None:
        self.folder = folder
        self.fails = folder / "fails"
        self.url = servers.database_url("billing")
        self.admin_uri = servers.amqp_uri("admin")
        self.gateway_uri = servers.amqp_uri("gateway")
        self.own_uri = servers.amqp_uri("probe")
        self.engine: Engine = create_engine(self.url.replace("://", "+psycopg2://", 1))
        self.environment = {
            **os.environ,
            "AMQP_URI": self.own_uri,
            "DATABASE_URL": self.url,
            "STEWARD_CALL_KEY": rpc.derive_key(SECRET, "probe").hex(),
            "STEWARD_LOOK_SECONDS": "1",
            "STEWARD_CLOCK": clock,
            "STEWARD_ENV": "development",
            "STEWARD_LOG": "text",
            "STEWARD_RETRY_SECONDS": "0.1,0.2,0.3,0.4,0.5",
            "PROBE_FAILS": str(self.fails),
            **extra,
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.ports: list[int] = []

    def migrate(self) -> subprocess.CompletedProcess[str]:
        """Make its tables and queues."""
        return self.command("migrate")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What an operator runs."""
        command = [sys.executable, "-W", "ignore", "-m", "chassis", *arguments, PACKAGE]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def start(self, **extra: str) -> subprocess.Popen[bytes]:
        self.ports.append(free_port())
        extra = {"STEWARD_HEALTH_PORT": str(self.ports[-1]), **extra}
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "chassis", "run", PACKAGE],
            env={**self.environment, **extra},
            stdout=log,
            stderr=log,
        )
        self.processes.append(process)
        return process

    def health(self, page: str = "ready", index: int = -1) -> int:
        """The status of a health page; 0 where nothing answers."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[index]}/health/{page}").status_code
        except httpx.TransportError:
            return 0

    def readiness(self) -> dict[str, Any]:
        """What the page of readiness tells, whatever its status."""
        page = httpx.get(f"http://127.0.0.1:{self.ports[-1]}/health/ready")
        told: dict[str, Any] = page.json()
        return {**told, "is_ready": page.status_code == 200}

    def metric(self, name: str) -> float:
        """One figure of the page of metrics, 0 where it is not there."""
        page = httpx.get(f"http://127.0.0.1:{self.ports[-1]}/metrics").text
        found = [line for line in page.splitlines() if line.startswith(f"{name} ")]
        return float(found[0].split()[-1]) if found else 0.0

    def wait_ready(self) -> None:
        self.wait_until(lambda: self.health() == 200)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
        self.engine.dispose()

    def wait_until(self, check: Callable[[], Any], seconds: float = 60) -> Any:
        until = time.monotonic() + seconds
        while not (found := check()):
            assert time.monotonic() < until, f"not so within {seconds} s; logs in {self.folder}"
            time.sleep(0.02)
        return found

    def count(self, sql: str, **values: Any) -> int:
        from sqlalchemy import text

        with self.engine.connect() as connection:
            return int(connection.execute(text(sql), values).scalar_one())


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """An instance for the probe alone: its migrations must not meet those of a real service."""
    name = f"probe{os.getpid()}"
    yield development_servers.make_instance(name, guests=["probe", "stranger"])
    development_servers.drop_instance(name)


@pytest.fixture(scope="session")
def engine_of(servers: Servers) -> Iterator[Callable[[str], Engine]]:
    """The engine of a real service's migrated database, beside those of the probe."""
    yield from engines_on(servers)


@pytest.fixture(scope="session")
def migrated_probe(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Probe(servers, tmp_path_factory.mktemp("migration"), "system") as probe:
        migration = probe.migrate()
        assert migration.returncode == 0, migration.stderr


@pytest.fixture(scope="module")
def probe(
    servers: Servers, migrated_probe: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Probe]:
    """One running probe process, shared by a module's tests."""
    with Probe(servers, tmp_path_factory.mktemp("probe"), "system") as probe:
        probe.start()
        probe.wait_ready()
        yield probe


@pytest.fixture
def client(probe: Probe) -> Iterator[Client]:
    client = Client(probe.gateway_uri)
    yield client
    client.connection.close()


@pytest.fixture
def teller(probe: Probe) -> Iterator[Teller]:
    """The probe's own user."""
    teller = Teller(probe.own_uri)
    yield teller
    teller.connection.close()


@pytest.fixture
def sender(client: Client) -> Sender:
    """Somebody who sends files, and has begun none yet."""
    return Sender(client)
