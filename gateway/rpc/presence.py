"""Presence: which services are there, and word from those that have just started."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

import aiormq
import orjson
import structlog
from aiormq.abc import AbstractChannel, AbstractConnection, DeliveredMessage

from gateway.rpc.forgery import note_forged
from gateway.rpc.looks import keep_looking
from gateway.rpc.topology import Topology
from kernel.broker import Users, rpc_queue

LOOK_SECONDS = 1.0
ANSWER_SECONDS_MAX = 2.0
STALE_SECONDS = 3.5  # without an answer from the broker for so long, nobody is taken to be there

log = structlog.get_logger()


class Presence:
    """Looks about once a second how many consumers each service's queue has."""

    def __init__(
        self,
        services: Callable[[], Collection[str]],
        on_news: Callable[[str], None],
        topology: Topology,
        users: Users,
    ) -> None:
        """`services`: whom to look for; `on_news`: called with a service that has appeared, or has
        said that it has started."""
        self._services = services
        self._topology = topology
        self._users = users
        self._on_news = on_news
        self._present: frozenset[str] = frozenset()
        self._announced: set[str] = set()  # since the last look began
        self._seen_at = 0.0
        self._channel: AbstractChannel | None = None
        self._connection: AbstractConnection | None = None

    @property
    def is_broker_there(self) -> bool:
        """Whether the broker has answered lately."""
        return time.monotonic() - self._seen_at < STALE_SECONDS

    def is_present(self, service: str) -> bool:
        """Whether the service takes calls, as far as is known."""
        return service in self._present and self.is_broker_there

    async def attach(self, connection: AbstractConnection) -> None:
        """Listen for announcements on a fresh connection, and look at once."""
        self._connection = connection
        channel = await connection.channel(publisher_confirms=False)
        await channel.basic_consume(
            self._topology.announcements, self._on_announcement, no_ack=True
        )
        self._channel = None
        await self._look()

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        await keep_looking(
            self._look,
            wait_seconds=lambda: LOOK_SECONDS,
            seconds_max=ANSWER_SECONDS_MAX,
            failed="broker does not say who is there",
        )

    async def _look(self) -> None:
        asked, self._announced = frozenset(self._services()), set()
        seen = frozenset([name for name in asked if await self._is_consumed(name)])
        # Who has said meanwhile that he is there, or was not asked about, is not taken to be away.
        present = seen | self._announced | (self._present - asked)
        appeared = present - self._present if self.is_broker_there else present
        for service in self._present - present:
            log.warning("service away", service=service)
        self._present, self._seen_at = present, time.monotonic()
        for service in appeared:
            log.info("service present", service=service)
            self._on_news(service)

    async def _is_consumed(self, service: str) -> bool:
        if self._connection is None or self._connection.is_closed:
            raise ConnectionError("no connection")
        if self._channel is None or self._channel.is_closed:
            self._channel = await self._connection.channel(publisher_confirms=False)
        try:
            queue = await self._channel.queue_declare(rpc_queue(service), passive=True)
        except aiormq.ChannelNotFoundEntity:
            self._channel = None  # the broker closes the channel on a queue that is not there
            return False
        return bool(queue.consumer_count)

    async def _on_announcement(self, message: DeliveredMessage) -> None:
        try:
            service = orjson.loads(message.body)["service"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            log.warning("announcement not understood")
            return
        sender = message.header.properties.user_id
        if not isinstance(service, str) or sender != self._users.of(service):
            note_forged("announcements", service=str(service)[:40], sender=sender)
        else:
            self._present |= {service}
            self._announced.add(service)
            self._on_news(service)
