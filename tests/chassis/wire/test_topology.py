"""Queues and exchanges that go missing are known, made anew, and cost no event."""

from __future__ import annotations

from collections.abc import Iterator

import amqp
import orjson
import pytest
from kombu import Connection
from sqlalchemy import text

from kernel.ids import new_id
from tests.chassis.conftest import PACKAGE, QUEUE, Client, Probe, Teller
from tests.chassis.doors.test_events import envelope

pytestmark = pytest.mark.server
HEARD = "SELECT count(*) FROM heard WHERE account_id = :a"
HELD = "SELECT count(*) FROM outbox WHERE subject = :a AND published_at IS NULL"
FREE = "SELECT count(*) FROM outbox WHERE subject = :a AND published_at IS NOT NULL"
DURABLE = {"durable": True, "auto_delete": False}


@pytest.fixture
def channel(probe: Probe) -> Iterator[amqp.Channel]:
    """A channel of one who may do anything."""
    with Connection(probe.admin_uri) as connection:
        yield connection.channel()


@pytest.fixture
def stranger(probe: Probe, channel: amqp.Channel) -> Iterator[amqp.Channel]:
    """Another listener to the probe, with a queue that nothing is bound to yet."""
    channel.queue_declare("stranger.probe.every", **DURABLE)
    yield channel
    channel.connection.channel().queue_delete("stranger.probe.every")


def count_in(channel: amqp.Channel, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def heard_by(channel: amqp.Channel, account: str) -> set[str]:
    """The events of an account in the stranger's queue; one may be there twice."""
    found = set()
    while (message := channel.basic_get("stranger.probe.every", no_ack=True)) is not None:
        event = orjson.loads(message.body)
        if event["subject"] == account:
            found.add(event["id"])
    return found


def is_bound(channel: amqp.Channel, key: str = "#") -> bool:
    """Bind the stranger again, as every listener does when it looks."""
    scratch = channel.connection.channel()
    try:
        scratch.queue_bind("stranger.probe.every", "probe.events", key)
    except amqp.NotFound:
        return False
    scratch.close()
    return True


def take_notes(client: Client, account: str, count: int) -> None:
    for number in range(count):
        client.result("take_note", account_id=account, text=str(number))


def test_a_queue_that_was_deleted_is_made_anew_and_listened_to(
    client: Client, probe: Probe, channel: amqp.Channel
) -> None:
    mended = probe.metric("steward_topology_mended_total")
    channel.queue_delete(QUEUE)
    probe.wait_until(lambda: probe.metric("steward_topology_mended_total") > mended)
    account = new_id("acc")
    take_notes(client, account, 5)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 5)


@pytest.mark.parametrize("name", ["probe.queues", "probe.replies", "probe.retry.100"])
def test_an_exchange_that_was_deleted_is_made_anew_with_all_that_is_bound_to_it(
    client: Client, probe: Probe, channel: amqp.Channel, name: str
) -> None:
    mended = probe.metric("steward_topology_mended_total")
    channel.exchange_delete(name)
    probe.wait_until(lambda: probe.metric("steward_topology_mended_total") > mended)
    client.channel.queue_bind(
        client.reply_to, "probe.replies", client.reply_to
    )  # as a gateway looks
    account = new_id("acc")
    client.result("take_note", account_id=account, text="twice-fail")  # by the ladder, and back
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 1)


def test_no_event_is_lost_to_anybody_when_the_exchange_of_events_is_deleted(
    client: Client, probe: Probe, stranger: amqp.Channel
) -> None:
    assert is_bound(stranger)
    account = new_id("acc")
    take_notes(client, account, 5)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 5)
    stranger.exchange_delete("probe.events")
    take_notes(client, account, 20)
    probe.wait_until(lambda: is_bound(stranger) and probe.count(HEARD, a=account) == 25)
    assert len(heard_by(stranger, account)) == 25
    probe.wait_until(lambda: probe.count(HELD, a=account) == 0)


def test_without_an_exchange_of_others_it_is_not_ready_until_that_is_there(
    client: Client, probe: Probe, channel: amqp.Channel
) -> None:
    channel.exchange_delete("nameko-rpc")
    probe.wait_until(lambda: not probe.readiness()["is_ready"])
    told = probe.readiness()
    assert (told["topology"], told["missing"]) == (False, ["exchange nameko-rpc"])
    assert probe.metric("steward_topology_missing") == 1
    assert probe.health("live") == 200
    migration = probe.migrate()
    assert migration.returncode == 1
    assert "probe cannot have: exchange nameko-rpc" in migration.stderr
    channel.exchange_declare("nameko-rpc", "topic", **DURABLE)
    probe.wait_until(lambda: probe.readiness()["is_ready"])
    assert client.result("list_notes", limit=1)


def test_an_event_that_no_queue_takes_waits_and_holds_up_no_other(
    client: Client, probe: Probe, stranger: amqp.Channel
) -> None:
    account = new_id("acc")
    client.result("lose_note", account_id=account)
    take_notes(client, account, 3)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 3)
    probe.wait_until(lambda: probe.readiness()["held_events"].get("note_lost"))
    assert probe.readiness()["is_ready"]
    assert probe.count(HELD, a=account) == 1
    probe.wait_until(lambda: probe.metric("steward_events_held") >= 1)
    assert is_bound(stranger, "note_lost")
    probe.wait_until(lambda: probe.count(HELD, a=account) == 0)
    assert count_in(stranger, "stranger.probe.every") >= 1


def test_held_events_are_let_go_by_who_says_why(client: Client, probe: Probe) -> None:
    accounts = [new_id("acc") for _ in range(3)]
    for account in accounts:
        client.result("lose_note", account_id=account)
    probe.wait_until(lambda: probe.readiness()["held_events"].get("note_lost", 0) >= 3)
    [held] = client.result("list_held_events")["items"]
    assert (held["event"], held["count"]) == ("note_lost", 3)
    released = client.result("release_held_events", event="note_lost", reason="nobody needs them")
    assert released == {"count": 3}
    assert client.result("list_held_events") == {"items": []}
    kept = f"{FREE} AND position IS NULL AND released_reason = 'nobody needs them'"
    assert probe.count(kept, a=accounts[0]) == 1
    gone = client.problem("release_held_events", event="note_lost", reason="again")
    assert gone["code"] == "no_held_events"


def test_what_a_listener_has_lost_is_published_again_and_done_once(
    client: Client, probe: Probe, stranger: amqp.Channel
) -> None:
    assert is_bound(stranger)
    before, account = new_id("acc"), new_id("acc")
    take_notes(client, before, 3)
    probe.wait_until(lambda: count_in(stranger, "stranger.probe.every") == 3)
    with probe.engine.connect() as connection:
        since = connection.scalar(text("SELECT clock_timestamp()"))
    take_notes(client, account, 5)
    probe.wait_until(lambda: count_in(stranger, "stranger.probe.every") == 8)
    stranger.queue_purge("stranger.probe.every")
    again = probe.command("republish", "--since", since.isoformat())
    assert again.stdout.startswith(f"{PACKAGE}: ")
    assert again.stdout.endswith(" events are published again\n")
    probe.wait_until(lambda: count_in(stranger, "stranger.probe.every") >= 5)
    probe.wait_until(lambda: probe.count(HELD, a=account) == 0)  # noted after they have come
    assert (probe.count(HEARD, a=before), probe.count(HEARD, a=account)) == (3, 5)


@pytest.mark.parametrize("wrong", [[], ["--since", "yesterday"]], ids=["never", "yesterday"])
def test_events_are_published_again_from_a_moment_that_is_named(
    probe: Probe, wrong: list[str]
) -> None:
    refused = probe.command("republish", *wrong)
    assert refused.returncode == 2
    assert "--since" in refused.stderr


def test_an_event_that_is_for_others_alone_is_not_waited_with(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    client.result("show_note", account_id=account)
    probe.wait_until(lambda: probe.count(FREE, a=account) == 1)
    assert "note_shown" not in probe.readiness()["held_events"]


def test_what_waits_in_the_queues_of_the_layout_before_is_moved(
    probe: Probe, channel: amqp.Channel
) -> None:
    account, old = new_id("acc"), f"{QUEUE}.note_taken"
    channel.queue_declare(old, arguments={"x-queue-type": "quorum"}, **DURABLE)
    channel.queue_bind(old, "probe.queues", old)
    teller = Teller(probe.own_uri)
    for _ in range(3):
        teller.tell(orjson.dumps(envelope(account)), routing_key=old)
    reader = channel.connection.channel()
    reader.basic_consume(old)
    refused = probe.migrate()
    assert refused.returncode
    assert f"{old} is still listened to" in refused.stderr
    reader.close()

    probe.wait_until(lambda: probe.migrate().returncode == 0)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 3)
    with pytest.raises(amqp.NotFound):
        channel.connection.channel().queue_declare(old, passive=True)


def test_what_no_handler_takes_any_more_waits_for_one_and_is_then_heard_no_more(
    probe: Probe, channel: amqp.Channel
) -> None:
    account = new_id("acc")
    channel.queue_bind(QUEUE, "probe.events", "note_burnt")
    event = orjson.dumps(envelope(account, type="probe.note_burnt.v1"))
    Teller(probe.own_uri).tell(event, exchange="probe.events", routing_key="note_burnt")
    parked = "SELECT max(attempts) FROM parked WHERE account_id = :a AND why = 'event_unknown'"
    probe.wait_until(lambda: probe.count(f"SELECT coalesce(({parked}), 0)", a=account) == 6)

    lost = []
    channel.events["basic_return"].add(lambda *_: lost.append(1))

    def is_lost() -> bool:
        channel.basic_publish(amqp.Message(event), "probe.events", "note_burnt", mandatory=True)
        channel.queue_declare(QUEUE, passive=True)  # what was returned has come by then
        return bool(lost)

    probe.wait_until(is_lost)
