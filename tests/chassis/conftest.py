"""Fixtures for the chassis' tests: the probe as a real process, a caller signed as by the gateway."""

from __future__ import annotations

import os
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
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from kombu import Connection
from sqlalchemy import Engine, create_engine

from chassis.store.migrate import migrate
from dev import servers as development_servers
from dev.ports import free_port
from dev.servers import Servers

KEY = Ed25519PrivateKey.generate()
PACKAGE = "tests.chassis.probe"


def sign(**claims: Any) -> str:
    """A caller token as the gateway makes it."""
    now = int(time.time())
    payload = {
        "iss": "steward-gateway",
        "aud": "steward",
        "sub": "key_test",
        "scopes": ["*"],
        "accounts": None,
        "iat": now,
        "exp": now + 300,
        **claims,
    }
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwt.encode(payload, pem, algorithm="EdDSA", headers={"typ": "steward+jwt"})


class Client:
    """Calls the probe as the gateway would, one call at a time."""

    def __init__(self, uri: str) -> None:
        self.connection = Connection(uri)
        self.connection.connect()
        self.channel = self.connection.channel()
        self.channel.auto_decode = False
        self.reply_to = str(uuid.uuid4())
        self.channel.exchange_declare("nameko-rpc", "topic", durable=True, auto_delete=False)
        queue = self.channel.queue_declare("", exclusive=True).queue
        self.channel.queue_bind(queue, "nameko-rpc", self.reply_to)
        self.replies: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.channel.basic_consume(queue, no_ack=True, callback=self._on_reply)
        self.token = sign()

    def _on_reply(self, message: amqp.Message) -> None:
        key = message.properties["correlation_id"]
        self.replies[key] = (orjson.loads(message.body), message.headers)

    def send(
        self, method: str, kwargs: Any = None, *, headers: Any = None, seconds: float = 10
    ) -> str:
        key = str(uuid.uuid4())
        context = {
            "nameko.caller": self.token,
            "nameko.command_id": key,
            "nameko.deadline": time.time() + seconds,
            **(headers or {}),
        }
        body = (
            kwargs
            if isinstance(kwargs, bytes)
            else orjson.dumps({"args": [], "kwargs": kwargs or {}})
        )
        self.channel.basic_publish(
            amqp.Message(
                body,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=1,
                reply_to=self.reply_to,
                correlation_id=key,
                application_headers={k: v for k, v in context.items() if v is not None},
            ),
            exchange="nameko-rpc",
            routing_key=f"probe.{method}",
        )
        return key

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


class Probe:
    """The probe's processes, its database and a client."""

    def __init__(self, servers: Servers, folder: Path, clock: str) -> None:
        self.folder = folder
        self.fails = folder / "fails"
        self.url = servers.database_url("billing")
        self.admin_uri = servers.amqp_uri("admin")
        self.engine: Engine = create_engine(self.url.replace("://", "+psycopg2://", 1))
        public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.environment = {
            **os.environ,
            "AMQP_URI": self.admin_uri,
            "DATABASE_URL": self.url,
            "STEWARD_GATEWAY_PUBLIC_KEY": public.decode(),
            "STEWARD_CLOCK": clock,
            "STEWARD_ENV": "development",
            "STEWARD_LOG": "text",
            "STEWARD_RETRY_SECONDS": "0.1,0.2,0.3,0.4,0.5",
            "PROBE_FAILS": str(self.fails),
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.ports: list[int] = []

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
    yield development_servers.make_instance(name)
    development_servers.drop_instance(name)


@pytest.fixture(scope="session")
def migrated_probe(servers: Servers) -> None:
    migrate(PACKAGE, servers.database_url("billing").replace("://", "+psycopg2://", 1))


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
    client = Client(probe.admin_uri)
    yield client
    client.connection.close()
