"""A service on the real broker that does what a test tells it: the other side of the wire."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import aiormq
import orjson
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from kernel import rpc
from kernel.broker import replies_exchange

SECRET = secrets.token_hex(32).encode()
Method = Callable[["Received"], Any]


AT_ONCE = 100


class Refused(Exception):
    """Answered with this problem."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.problem = {"status": status, "code": code, "detail": detail, **more}


class NoReply(Exception):
    """Not answered at all, but acknowledged: the reply is lost."""


class Received:
    """One request as the service got it, with what the gateway vouches for."""

    def __init__(self, service: str, message: DeliveredMessage) -> None:
        address = message.routing_key or ""
        self.method = address.partition(".")[2]
        payload = orjson.loads(message.body)
        assert payload["args"] == []
        self.kwargs: dict[str, Any] = payload["kwargs"]
        properties = message.header.properties
        self.headers: dict[str, Any] = dict(properties.headers or {})
        self.sender = properties.user_id
        self.token: str = self.headers[rpc.TOKEN_HEADER]
        self.vouched = rpc.read_claims(
            orjson.loads(rpc.unseal(rpc.derive_key(SECRET, service), self.token)),
            address=address,
            call_id=properties.correlation_id or "",
            body=message.body,
            now=time.time() - 60,
        )
        self.correlation_id, self.reply_to = properties.correlation_id, properties.reply_to
        self.expiration = properties.expiration
        self.is_redelivered = message.redelivered
        self.is_replay = False


class FakeService:
    """Runs in a thread of its own; `methods` may be changed while it runs."""

    def __init__(self, uri: str, name: str, endpoints: list[dict[str, Any]]) -> None:
        self.uri = uri
        self.name = name
        self.endpoints = endpoints
        self.methods: dict[str, Method] = {"describe": lambda _: self.describe()}
        self.received: list[Received] = []  # but what the gateway asks of itself, whenever it looks
        self.user = f"steward_{name}"
        self.version = 1
        self.more: dict[str, Any] = {"daily": [], "subscriptions": [], "clock": "system"}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connection: Any = None
        self._pool = ThreadPoolExecutor(AT_ONCE)

    @property
    def is_running(self) -> bool:
        """Whether it was started, and not ended since."""
        return self._loop is not None

    def describe(self) -> dict[str, Any]:
        """The contract, in the form the gateway asks for."""
        paths: dict[str, Any] = {}
        for one in self.endpoints:
            operation = {
                "operationId": f"{self.name}.{one['method']}",
                "summary": one["method"],
                "parameters": [],
                "responses": {str(one["status"]): {"description": "Done."}},
                "tags": [self.name],
            }
            paths.setdefault(one["path"], {})[one["verb"].lower()] = operation
        return {
            "service": self.name,
            "hash": f"{self.name}-{self.version}",
            "endpoints": self.endpoints,
            "openapi": {"paths": paths, "components": {"schemas": {}}},
            "events": [],
            **self.more,
        }

    def start(self) -> None:
        """Return when requests are taken."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10), "the fake service did not start"

    def stop(self) -> None:
        """End in good order."""
        self._end(self._close)

    def kill(self) -> None:
        """Drop the connection at once: what was taken goes back into the queue."""
        self._end(self._abort)

    def announce(self) -> None:
        """Say that the contract may have changed."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._announce(), self._loop).result(5)

    def calls_of(self, method: str) -> list[Received]:
        """What was asked of one method."""
        return [one for one in self.received if one.method == method]

    def _end(self, how: Callable[[], Any]) -> None:
        if self._loop is not None and self._thread is not None:
            asyncio.run_coroutine_threadsafe(how(), self._loop).result(10)
            self._thread.join(10)
            self._loop = None

    async def _close(self) -> None:
        await self._connection.close()
        self._ended.set()

    async def _abort(self) -> None:
        self._connection._writer_task.cancel()
        self._connection._reader_task.cancel()
        self._ended.set()

    async def _announce(self) -> None:
        body = orjson.dumps({"service": self.name, "hash": f"{self.name}-{self.version}"})
        await self._channel.basic_publish(
            body, exchange="steward.contracts", properties=self._properties(delivery_mode=1)
        )

    async def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._connection = await aiormq.connect(self.uri)
        self._channel = channel = await self._connection.channel(publisher_confirms=False)
        await channel.exchange_declare(
            replies_exchange(self.name), exchange_type="direct", durable=True
        )
        await channel.queue_declare(f"rpc-{self.name}", durable=True)
        await channel.queue_bind(f"rpc-{self.name}", "nameko-rpc", f"{self.name}.*")
        await channel.basic_qos(prefetch_count=AT_ONCE)
        await channel.basic_consume(f"rpc-{self.name}", self._on_message)
        await self._announce()
        ready.set()
        await self._ended.wait()

    async def _on_message(self, message: DeliveredMessage) -> None:
        request = Received(self.name, message)
        if request.method != "describe":
            self.received.append(request)
        assert self._loop is not None
        try:
            reply = await self._loop.run_in_executor(self._pool, self._reply_to, request)
        except NoReply:
            reply = None
        properties = message.header.properties
        if reply is not None:
            await self._channel.basic_publish(
                orjson.dumps(reply),
                exchange=replies_exchange(self.name),
                routing_key=properties.reply_to or "",
                properties=self._properties(
                    content_type="application/json",
                    correlation_id=properties.correlation_id,
                    delivery_mode=1,
                    headers={"replayed": True} if request.is_replay else {},
                ),
                wait=False,
            )
        await self._channel.basic_ack(message.delivery_tag, wait=False)

    def _properties(self, **more: Any) -> Basic.Properties:
        # Without an id aiormq draws one from `random`, and hypothesis blames the test that it is running.
        return Basic.Properties(message_id=uuid4().hex, user_id=self.user, **more)

    def _reply_to(self, request: Received) -> dict[str, Any]:
        method = self.methods.get(request.method)
        if method is None:
            error = {"exc_type": "MethodNotFound", "value": request.method}
            return {"result": None, "error": error}
        try:
            return {"result": method(request), "error": None}
        except Refused as refused:
            error = {"exc_type": "Refusal", "value": str(refused), "problem": refused.problem}
        except NoReply:
            raise
        except Exception as fault:
            error = {"exc_type": type(fault).__name__, "value": str(fault)}
        return {"result": None, "error": error}


def endpoint(route: str, method: str, scope: str, **more: Any) -> dict[str, Any]:
    """An endpoint of a contract: `endpoint("GET /v1/things", "list_things", "things:read")`."""
    verb, path = route.split(" ")
    return {
        "method": method,
        "verb": verb,
        "path": path,
        "is_command": verb != "GET",
        "scope": scope,
        "status": 200,
        "seconds_max": 10,
        "is_document": False,
        **more,
    }


def wait_until(condition: Callable[[], bool], seconds_max: float = 60) -> None:
    """Return when the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds_max
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
