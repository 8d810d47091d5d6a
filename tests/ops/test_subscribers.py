"""Who may hear from outside: how that is said, what each hears, and what an unread queue does."""

from __future__ import annotations

import os
from collections.abc import Iterator

import amqp
import pytest
from kombu import Connection

from chassis.contract import Consumer
from chassis.events import Subscription
from chassis.wire.mending import mend
from chassis.wire.publisher import Message, Publisher
from chassis.wire.topology import event_queue_name, topology_of
from dev import servers as development_servers
from dev.servers import Servers
from kernel.ids import new_id
from ops import subscribers
from ops.subscribers import SETTING, Subscriber, UnclearSubscribers, read_subscribers

NARROW = Subscriber("subscriber_crm", "invoice_.*|payment_.*")
BYTES_MAX = 20_000


HEARD = Consumer(
    Subscription.to("billing", "payment_received"), seconds_max=9, is_alone=False, takes_many=False
)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, [Subscriber("subscriber")]),
        ("subscriber", [Subscriber("subscriber", ".*")]),
        ("", []),
        (" subscriber_crm=invoice_.*|payment_.*  ", [NARROW]),
        (
            "subscriber subscriber_shop_floor=shipment_sent",
            [Subscriber("subscriber"), Subscriber("subscriber_shop_floor", "shipment_sent")],
        ),
    ],
)
def test_subscribers_are_words_each_with_what_it_may_hear(
    setting: str | None, expected: list[Subscriber]
) -> None:
    environment = {} if setting is None else {SETTING: setting}
    assert list(read_subscribers(environment)) == expected


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("crm", "'crm' will not do"),
        ("billing=.*", "'billing' will not do"),
        ("subscriber.crm", "'subscriber.crm' will not do"),
        ("subscribercrm", "'subscribercrm' will not do"),
        ("subscriber_", "'subscriber_' will not do"),
        ("subscriber=", "what subscriber may hear is a regular expression.*'' will not do"),
        ("subscriber=a)|(b", r"'a\)\|\(b' will not do"),
        ("subscriber=#", "'#' will not do"),
        ("subscriber=(invoice", "'.invoice' will not do"),
        ("subscriber subscriber=a", "names subscriber twice"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_with_what_to_write(
    setting: str, told: str
) -> None:
    with pytest.raises(UnclearSubscribers, match=told):
        read_subscribers({SETTING: setting})


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """An instance of this test's own, with a small bound and one who may hear little."""
    name = f"outside{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subscribers, "QUEUE_BYTES_MAX", BYTES_MAX)
        patch.setenv(SETTING, f"subscriber {NARROW.name}={NARROW.topics}")
        yield development_servers.make_instance(name)
    development_servers.drop_instance(name)


@pytest.fixture
def publisher(servers: Servers) -> Iterator[Publisher]:
    publisher = Publisher(servers.amqp_uri("billing"))
    yield publisher
    publisher.drop()


@pytest.fixture
def channels(servers: Servers) -> Iterator[dict[str, amqp.Channel]]:
    """A channel of each subscriber, whose queue is empty and bound to nothing."""
    everybody = ("subscriber", NARROW.name)
    with (
        Connection(servers.amqp_uri(everybody[0])) as wide,
        Connection(servers.amqp_uri(everybody[1])) as narrow,
    ):
        yield {name: each.channel() for name, each in zip(everybody, (wide, narrow), strict=True)}
    with Connection(servers.amqp_uri("admin")) as admin:
        channel = admin.channel()
        for name in everybody:
            channel.queue_unbind(name, "billing.events", "#")
            channel.queue_purge(name)


def announce(publisher: Publisher, name: str, count: int = 1, size: int = 1000) -> list[str]:
    messages = [
        Message("billing.events", name, b"x" * size, message_id=new_id("evt")) for _ in range(count)
    ]
    assert publisher.publish(messages) == set(), "somebody hears it"
    return [message.message_id for message in messages]


def read_all(channel: amqp.Channel, queue: str) -> list[str]:
    found = []
    while message := channel.basic_get(queue, no_ack=True):
        found.append(message.properties["message_id"])
    return found


@pytest.mark.server
def test_a_queue_that_nobody_reads_keeps_the_newest_and_holds_up_no_service(
    servers: Servers, publisher: Publisher, channels: dict[str, amqp.Channel]
) -> None:
    with Connection(servers.amqp_uri("sales")) as sales:
        mend(sales, topology_of("sales", [HEARD]))
        channels["subscriber"].queue_bind("subscriber", "billing.events", "#")
        sent = announce(publisher, "payment_received", count=100)
        kept = read_all(channels["subscriber"], "subscriber")
        assert kept == sent[-len(kept) :]
        assert 0 < len(kept) <= BYTES_MAX / 1000
        assert read_all(sales.channel(), event_queue_name("sales", HEARD)) == sent


@pytest.mark.server
@pytest.mark.parametrize(
    "arguments",
    [
        {"x-max-length": 0, "x-overflow": "reject-publish"},
        {"x-queue-type": "stream"},
        {"x-queue-type": "quorum"},
    ],
)
def test_nobody_from_outside_makes_a_queue_that_could_refuse_what_is_published(
    channels: dict[str, amqp.Channel], servers: Servers, arguments: dict[str, object]
) -> None:
    for name in ("subscriber", "subscriber.mine", "subscriber_mine"):
        with (
            Connection(servers.amqp_uri("subscriber")) as outside,
            pytest.raises(amqp.AccessRefused),
        ):
            outside.channel().queue_declare(name, durable=True, arguments=arguments)


@pytest.mark.server
def test_who_is_narrowed_hears_only_what_it_may(
    publisher: Publisher, channels: dict[str, amqp.Channel], servers: Servers
) -> None:
    channels["subscriber"].queue_bind("subscriber", "billing.events", "#")
    channels[NARROW.name].queue_bind(NARROW.name, "billing.events", "payment_received")
    channels[NARROW.name].queue_bind(NARROW.name, "billing.events", "invoice_issued")
    heard = [announce(publisher, name)[0] for name in ("payment_received", "invoice_issued")]
    more = announce(publisher, "balance_changed")
    assert read_all(channels[NARROW.name], NARROW.name) == heard
    assert read_all(channels["subscriber"], "subscriber") == heard + more


@pytest.mark.server
@pytest.mark.parametrize(
    "key", ["#", "*", "", "balance_changed", "#.invoice_issued", "*.*", "xinvoice_issued"]
)
@pytest.mark.parametrize("exchange", ["billing.events", "sales.events", "accounts.events"])
def test_who_is_narrowed_binds_to_nothing_else(servers: Servers, key: str, exchange: str) -> None:
    with Connection(servers.amqp_uri(NARROW.name)) as narrow, pytest.raises(amqp.AccessRefused):
        narrow.channel().queue_bind(NARROW.name, exchange, key)


@pytest.mark.server
def test_who_is_named_later_is_let_in_and_others_keep_what_waits_for_them(
    servers: Servers, publisher: Publisher, channels: dict[str, amqp.Channel]
) -> None:
    channels["subscriber"].queue_bind("subscriber", "billing.events", "#")
    before = announce(publisher, "payment_received")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTING, f"{os.environ[SETTING]} subscriber_late=order_.*")
        development_servers.ensure(servers.instance)
    with Connection(servers.amqp_uri("subscriber_late")) as late:
        late.channel().queue_bind("subscriber_late", "sales.events", "order_confirmed")
    assert read_all(channels["subscriber"], "subscriber") == before


@pytest.mark.server
def test_no_subscriber_reaches_the_queue_of_another(channels: dict[str, amqp.Channel]) -> None:
    with pytest.raises(amqp.AccessRefused):
        channels["subscriber"].basic_get(NARROW.name)
    with pytest.raises(amqp.AccessRefused):
        channels[NARROW.name].basic_get("subscriber")


@pytest.mark.server
def test_a_subscriber_has_a_bounded_number_of_connections(servers: Servers) -> None:
    # One whom no other test knows: those that run beside this one connect as they like.
    connections = [Connection(servers.amqp_uri(NARROW.name)) for _ in range(21)]
    try:
        for one in connections[:-1]:
            one.connect()
        with pytest.raises((amqp.NotAllowed, OSError)):
            connections[-1].connect()
    finally:
        for one in connections:
            one.release()
