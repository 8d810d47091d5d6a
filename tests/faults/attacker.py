"""One who has the broker's user of one service, sales, and does with it whatever does harm."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import amqp
import orjson
from kombu import Connection

from chassis.process.describe import announced_by, consumers_of
from chassis.service import load
from chassis.wire.topology import events_exchange, topology_of
from dev.servers import Servers
from kernel import rpc
from kernel.broker import CONTRACTS_EXCHANGE, RPC_EXCHANGE, rpc_queue
from kernel.ids import new_id
from ops.instances import SERVICES

OWN = "sales"
EAR = f"{OWN}.ear"
GUESSES = 30  # at the ids of calls, up and down
DURABLE = {"durable": True, "auto_delete": False}
Action = Callable[[Any], Any]


class Attacker:
    """Attacks in a thread of its own until `stop`; remembers what the broker let through."""

    def __init__(self, servers: Servers, chance: random.Random) -> None:
        self.rounds = 0
        self.tried: Counter[str] = Counter()
        self.let_through: Counter[str] = Counter()
        self.forged: set[str] = set()  # ids of events
        self.heard: list[str] = []  # where to requests were that it has overheard
        self._uri = servers.amqp_uri(OWN)
        self._connection: Connection
        self._chance = chance
        self._targets = list_targets()
        billing = announced_by(load("services.billing"))  # what it promises is no secret
        [self._example] = [one.example for one in billing if one.name == "invoice_issued"]
        self._seen: dict[str, Any] = {}  # a request to sales, as sales may see it
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Attack from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let it be; raises what went wrong with the attack itself."""
        self._is_stopping.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "the attacker hangs"

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            # One a round: the library never frees the id of a channel that the broker has closed.
            with Connection(self._uri) as self._connection:
                self._attack_once()

    def _attack_once(self) -> None:
        self._allowed(lambda channel: channel.queue_declare(EAR, **DURABLE))
        self._look_into_own_requests()
        if not self._seen:
            return  # stopped before there was any
        for attack in (
            self._destroy,
            self._overhear,
            self._forge_events,
            self._forge_contracts,
            self._use_tokens_elsewhere,
        ):
            attack()
        self.rounds += 1

    def _destroy(self) -> None:
        for queue in self._chance.sample(self._targets["queues"], 5):
            self._try("delete queue", lambda channel, q=queue: channel.queue_delete(q))
            self._try("purge queue", lambda channel, q=queue: channel.queue_purge(q))
            self._try("read queue", lambda channel, q=queue: channel.basic_get(q, no_ack=True))
            self._try(
                "unbind queue", lambda channel, q=queue: channel.queue_unbind(q, RPC_EXCHANGE, "#")
            )
        for exchange in self._chance.sample(self._targets["exchanges"], 5):
            self._try("delete exchange", lambda channel, e=exchange: channel.exchange_delete(e))
            self._try(
                "declare exchange",
                lambda channel, e=exchange: channel.exchange_declare(e, "topic", **DURABLE),
            )

    def _overhear(self) -> None:
        for key in ("#", "*.*", "billing.*", "*.record_payment"):
            self._try(
                "bind to requests",
                lambda channel, k=key: channel.queue_bind(EAR, RPC_EXCHANGE, k),
            )
        for service in SERVICES:
            if service != OWN:
                self._try(
                    "bind to answers",
                    lambda channel, s=service: channel.queue_bind(EAR, f"{s}.replies", "#"),
                )
        while message := self._allowed(lambda channel: channel.basic_get(EAR, no_ack=True)):
            self.heard.append(message.delivery_info["routing_key"])

    def _forge_events(self) -> None:
        event = self._make_event()
        self.forged.add(event["id"])
        body = orjson.dumps(event)
        for exchange, key in (
            ("", "collections.billing"),
            ("", "accounts.billing"),
            ("collections.queues", "collections.billing"),
            ("billing.events", "invoice_issued"),
        ):
            self._try("publish event", _publish(exchange, key, body))
        for key in ("invoice_issued", "order_confirmed", "anything"):
            self._allowed(_publish(f"{OWN}.events", key, body, user_id=f"steward_{OWN}"))
            self._allowed(_publish(f"{OWN}.events", key, body))
        self._try(
            "speak as billing",
            _publish(f"{OWN}.events", "invoice_issued", body, user_id="steward_billing"),
        )

    def _forge_answers(self) -> None:
        """The gateway numbers its calls: those of others that are under way have numbers near by."""
        mark, _, number = str(self._seen["correlation_id"]).rpartition("-")
        body = orjson.dumps(
            {"result": {"payment_id": new_id("pay"), "forged": True}, "error": None}
        )
        channel, reply_to = self._connection.channel(), str(self._seen["reply_to"])
        for guess in range(int(number) - GUESSES, int(number) + GUESSES):
            if guess != int(number):
                call = {"correlation_id": f"{mark}-{guess}", "user_id": f"steward_{OWN}"}
                channel.basic_publish(amqp.Message(body, **call), f"{OWN}.replies", reply_to)
        channel.close()
        for exchange in ("", RPC_EXCHANGE, "billing.replies"):
            self._try("answer for billing", _publish(exchange, reply_to, body, **call))

    def _forge_contracts(self) -> None:
        for service in ("loot", "billing"):
            body = orjson.dumps({"service": service, "hash": "x"})
            self._allowed(_publish(CONTRACTS_EXCHANGE, "", body))
            self._allowed(_publish(CONTRACTS_EXCHANGE, "", body, user_id=f"steward_{OWN}"))

    def _use_tokens_elsewhere(self) -> None:
        headers = {rpc.TOKEN_HEADER: str(self._seen["token"])}
        for method in ("record_payment", "list_payments", "describe"):
            self._try(
                "call billing",
                _publish(RPC_EXCHANGE, f"billing.{method}", b"{}", application_headers=headers),
            )
            self._try(
                "call billing",
                _publish("", rpc_queue("billing"), b"{}", application_headers=headers),
            )

    def _look_into_own_requests(self) -> None:
        """What sales may: take a request to itself, and give it back."""
        channel = self._connection.channel()
        channel.basic_qos(0, 1, a_global=False)
        taken: list[amqp.Message] = []
        channel.basic_consume(rpc_queue(OWN), callback=taken.append)
        while not taken and not self._is_stopping.is_set():
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=0.2)
        for message in taken:
            properties, headers = message.properties, message.headers or {}
            self._seen = {
                "correlation_id": properties["correlation_id"],
                "reply_to": properties["reply_to"],
                "token": headers[rpc.TOKEN_HEADER],
            }
            self._forge_answers()
        channel.close()  # which gives it back

    def _make_event(self) -> dict[str, Any]:
        data = {**self._example, "invoice_id": new_id("inv")}
        return {
            "specversion": "1.0",
            "id": new_id("evt"),
            "source": "/billing",
            "type": "billing.invoice_issued.v1",
            "subject": data["account_id"],
            "time": "2026-03-03T00:00:00+00:00",
            "sequence": "1",
            "data": data,
        }

    def _try(self, what: str, action: Action) -> None:
        """Something that must be refused."""
        self.tried[what] += 1
        channel = self._connection.channel()
        try:
            action(channel)
        except (amqp.AccessRefused, amqp.NotFound, amqp.PreconditionFailed):
            return
        self.let_through[what] += 1
        channel.close()

    def _allowed(self, action: Action) -> Any:
        channel = self._connection.channel()
        done = action(channel)
        channel.close()
        return done


def list_targets() -> dict[str, list[str]]:
    """All queues and exchanges that are not the attacker's."""
    queues, exchanges = [], [RPC_EXCHANGE, CONTRACTS_EXCHANGE]
    for service in SERVICES:
        if service != OWN:
            whole = topology_of(service, consumers_of(load(f"services.{service}")).values())
            queues += [queue.name for queue in whole.queues]
            exchanges += [exchange.name for exchange in whole.exchanges]
            exchanges.append(events_exchange(service).name)
    return {"queues": queues, "exchanges": exchanges}


def _publish(exchange: str, key: str, body: bytes, **properties: Any) -> Action:
    def action(channel: Any) -> None:
        channel.confirm_select()
        channel.basic_publish_confirm(amqp.Message(body, **properties), exchange, key)

    return action
