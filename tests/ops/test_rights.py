"""What each user of the broker can really do: every operation, on everything that there is.

The broker is asked, not the patterns: it checks some operations in ways that one would not think of.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import amqp
import pytest
from kombu import Connection

from chassis.contract import Consumer
from chassis.events import EVERY, Subscription
from chassis.wire.mending import make_exchange, mend
from chassis.wire.topology import events_exchange, topology_of
from dev import servers as development_servers
from dev.servers import Servers
from ops.instances import OWNERS, SERVICES
from ops.subscribers import USUAL as OUTSIDE

pytestmark = pytest.mark.server
REPLIES = "rpc.reply-gateway-0123"
ANNOUNCEMENTS = "gateway.contracts.0123"
DURABLE = {"durable": True, "auto_delete": False}
READING = {"get", "consume", "purge"}
BUILT_IN = ("", "amq.direct", "amq.fanout", "amq.topic", "amq.headers", "amq.match")


class Thing(NamedTuple):
    """An exchange or a queue, and whose it is."""

    owner: str
    name: str


def consumers_of(service: str) -> list[Consumer]:
    others = [source for source in SERVICES if source != service]
    return [
        Consumer(Subscription.to(source, EVERY), seconds_max=60, is_alone=False, takes_many=False)
        for source in others
    ]


EXCHANGES = [
    Thing("gateway", "nameko-rpc"),
    Thing("gateway", "steward.contracts"),
    *(Thing(s, events_exchange(s).name) for s in SERVICES),
    *(Thing(s, e.name) for s in SERVICES for e in topology_of(s, []).exchanges),
]
QUEUES = [
    Thing(OUTSIDE, OUTSIDE),
    Thing("gateway", REPLIES),
    Thing("gateway", ANNOUNCEMENTS),
    *(Thing(s, q.name) for s in SERVICES for q in topology_of(s, consumers_of(s)).queues),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """An instance of this test's own."""
    name = f"rights{os.getpid()}"
    yield development_servers.make_instance(name)
    development_servers.drop_instance(name)


@pytest.fixture(scope="module")
def restore(servers: Servers) -> Iterator[Callable[[], None]]:
    """Make everything that there is, and again what was deleted."""
    with Connection(servers.amqp_uri("admin")) as admin:

        def restore() -> None:
            channel = admin.channel()
            channel.exchange_declare("nameko-rpc", "topic", **DURABLE)
            channel.exchange_declare("steward.contracts", "fanout", **DURABLE)
            for queue in (REPLIES, ANNOUNCEMENTS):
                channel.queue_declare(queue, **DURABLE)
            for service in SERVICES:
                make_exchange(admin, events_exchange(service))
            for service in SERVICES:
                assert mend(admin, topology_of(service, consumers_of(service))).missing == []
            channel.close()

        restore()
        yield restore


@pytest.fixture(params=[*OWNERS, OUTSIDE])
def user(request: pytest.FixtureRequest) -> str:
    owner: str = request.param
    return owner


@pytest.fixture
def attempt(
    servers: Servers, restore: Callable[[], None], user: str
) -> Iterator[Callable[[Callable[[Any], Any]], bool]]:
    """Try something as the user; whether the broker lets it."""
    let = []
    with Connection(servers.amqp_uri(user)) as connection:

        def attempt(action: Callable[[Any], Any]) -> bool:
            channel = connection.channel()
            try:
                action(channel)
            except amqp.AccessRefused:
                return False
            except amqp.PreconditionFailed as error:
                return "inequivalent arg" in str(error)  # let in, but it has other arguments
            let.append(action)
            if channel.is_open:
                channel.close()
            return True

        yield attempt
    if let:
        restore()


def publish(exchange: str, key: str = "x", **properties: Any) -> Callable[[Any], Any]:
    def action(channel: Any) -> None:
        channel.confirm_select()
        message = amqp.Message("x", **properties)
        channel.basic_publish_confirm(message, exchange, key)

    return action


def own_queue(user: str) -> str:
    return {"gateway": REPLIES, OUTSIDE: OUTSIDE}.get(user, f"{user}.dead")


OnQueue = Callable[[Any, str], Any]
QUEUE_OPERATIONS: dict[str, OnQueue] = {
    "get": lambda channel, queue: channel.basic_get(queue),
    "consume": lambda channel, queue: channel.basic_consume(queue),
    "purge": lambda channel, queue: channel.queue_purge(queue),
    "declare": lambda channel, queue: channel.queue_declare(queue, **DURABLE),
    "declare to die": lambda channel, queue: channel.queue_declare(
        queue, **DURABLE, arguments={"x-expires": 1}
    ),
    "delete": lambda channel, queue: channel.queue_delete(queue),
}
EXCHANGE_OPERATIONS: dict[str, OnQueue] = {
    "declare": lambda channel, name: channel.exchange_declare(name, "topic", **DURABLE),
    "delete": lambda channel, name: channel.exchange_delete(name),
}


@pytest.mark.parametrize("operation", QUEUE_OPERATIONS)
def test_everybody_has_their_own_queues_and_no_others_and_an_outsider_reads_its_own(
    attempt: Callable[[Any], bool], restore: Callable[[], None], user: str, operation: str
) -> None:
    action = QUEUE_OPERATIONS[operation]
    let = {q for q in QUEUES if attempt(lambda channel, q=q: action(channel, q.name))}
    own = {queue for queue in QUEUES if queue.owner == user}
    assert let == (own if user != OUTSIDE or operation in READING else set())


@pytest.mark.parametrize("operation", EXCHANGE_OPERATIONS)
def test_everybody_has_their_own_exchanges_and_no_others(
    attempt: Callable[[Any], bool], user: str, operation: str
) -> None:
    action = EXCHANGE_OPERATIONS[operation]
    let = {e for e in EXCHANGES if attempt(lambda channel, e=e: action(channel, e.name))}
    assert let == {exchange for exchange in EXCHANGES if exchange.owner == user}
    for name in BUILT_IN[1:]:
        assert not attempt(lambda channel, name=name: action(channel, name)), name


def test_everybody_publishes_to_their_own_exchanges_alone(
    attempt: Callable[[Any], bool], user: str
) -> None:
    let = {exchange.name for exchange in EXCHANGES if attempt(publish(exchange.name))}
    own = {exchange.name for exchange in EXCHANGES if exchange.owner == user}
    contracts = {"steward.contracts"}
    assert let == {"gateway": own - contracts, OUTSIDE: set()}.get(user, own | contracts)


@pytest.mark.parametrize("exchange", BUILT_IN)
def test_nobody_publishes_to_the_exchanges_that_every_broker_has(
    attempt: Callable[[Any], bool], exchange: str
) -> None:
    for queue in QUEUES:
        assert not attempt(publish(exchange, queue.name)), queue


def test_nobody_speaks_in_anothers_name(attempt: Callable[[Any], bool], user: str) -> None:
    own = {"gateway": "nameko-rpc", OUTSIDE: "sales.events"}.get(user, f"{user}.events")
    assert attempt(publish(own, user_id=f"steward_{user}")) is (user != OUTSIDE)
    for other in {*OWNERS, "admin"} - {user}:
        assert not attempt(publish(own, user_id=f"steward_{other}"))


def test_everybody_binds_their_own_queues_to_what_they_may_hear(
    attempt: Callable[[Any], bool], user: str
) -> None:
    queue = own_queue(user)
    bound = {
        exchange.name
        for exchange in EXCHANGES
        if attempt(lambda channel, e=exchange: channel.queue_bind(queue, e.name, "x"))
    }
    own = {exchange.name for exchange in EXCHANGES if exchange.owner == user}
    theirs = {"gateway": ["replies"], OUTSIDE: ["events"]}.get(user, ["events", "introductions"])
    assert bound == own | {f"{service}.{one}" for service in SERVICES for one in theirs}


@pytest.mark.parametrize(
    "others", [queue for queue in QUEUES if queue.owner in {"gateway", "sales"}]
)
@pytest.mark.parametrize("method", ["queue_bind", "queue_unbind"])
def test_nobody_binds_or_unbinds_the_queues_of_others(
    attempt: Callable[[Any], bool], user: str, others: Thing, method: str
) -> None:
    if others.owner != user:
        for exchange in ("nameko-rpc", "billing.events", f"{user}.queues", f"{user}.events"):
            assert not attempt(
                lambda channel, exchange=exchange: getattr(channel, method)(
                    others.name, exchange, "#"
                )
            ), exchange


@pytest.mark.parametrize(
    "key", ["#", "*", "*.*", "#.#", "billing.#", "*.record_payment", "billing.record_payment"]
)
def test_nobody_reads_the_requests_to_others(
    attempt: Callable[[Any], bool], user: str, key: str
) -> None:
    """Neither by a queue of one's own nor by an exchange of one's own behind theirs."""
    queue = own_queue(user)
    assert not attempt(lambda channel: channel.queue_bind(queue, "nameko-rpc", key))
    own = "steward.contracts" if user == "gateway" else f"{user}.events"
    assert not attempt(lambda channel: channel.exchange_bind(own, "nameko-rpc", key))
    assert user not in SERVICES or attempt(
        lambda channel: channel.queue_bind(f"rpc-{user}", "nameko-rpc", f"{user}.*")
    )


@pytest.mark.parametrize("target", ["", "nameko-rpc", "amq.topic", "OTHER.events", "OTHER.queues"])
def test_nothing_of_ones_own_passes_messages_on_to_where_one_may_not_publish(
    attempt: Callable[[Any], bool], user: str, target: str
) -> None:
    target = target.replace("OTHER", "sales" if user != "sales" else "billing")
    if (user, target) == ("gateway", "nameko-rpc"):
        return
    dead = {"x-dead-letter-exchange": target, "x-dead-letter-routing-key": "rpc-billing"}
    assert not attempt(lambda channel: channel.queue_declare(f"{user}.leak", arguments=dead))
    other = {"alternate-exchange": target}
    assert not attempt(
        lambda channel: channel.exchange_declare(f"{user}.leak", "direct", arguments=other)
    )
    if target:
        own = "steward.contracts" if user == "gateway" else f"{user}.events"
        assert not attempt(lambda channel: channel.exchange_bind(target, own, "#"))


def test_nobody_has_queues_that_bear_no_name(attempt: Callable[[Any], bool]) -> None:
    outside = (OUTSIDE, f"{OUTSIDE}.mine", f"{OUTSIDE}_mine", "evt-sales-x--subscriber.on_x")
    nobodys = ("", "mine", "amq.mine", "rpc-", "nameko", "rpc-stranger", "stranger.events")
    for name in (*nobodys, *outside):
        assert not attempt(lambda channel, name=name: channel.queue_declare(name)), name
