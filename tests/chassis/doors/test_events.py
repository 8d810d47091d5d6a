"""What an event can rely on: it arrives, is handled once, and is never lost nor spun on."""

from __future__ import annotations

import time
from pathlib import Path

import orjson
import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from tests.chassis.conftest import QUEUE, Client, Probe, Teller

pytestmark = pytest.mark.server
HEARD = "SELECT count(*) FROM heard WHERE account_id = :a"
PARKED = "SELECT count(*) FROM parked WHERE account_id = :a AND status = 'parked'"
IN_HAND = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'"""


def find_parked(client: Client, account: str) -> list[dict]:
    """The parked messages of an account, as the API shows them."""
    rows = client.result("list_parked", limit=500)["items"]
    return [row for row in rows if account in str(row["message"])]


def envelope(account: str, **changes: object) -> dict:
    return {
        "specversion": "1.0",
        "id": new_id("evt"),
        "source": "/probe",
        "type": "probe.note_taken.v1",
        "subject": account,
        "time": "2026-01-31T00:00:00+00:00",
        "sequence": "1",
        "data": {"account_id": account, "note_id": new_id("note"), "text": "by hand"},
        **changes,
    }


def newer_envelope(account: str, **changes: object) -> dict:
    """An event in the version that the probe learned to take besides the first."""
    data = {"account_id": account, "note": {"id": new_id("note")}}
    return envelope(account, type="probe.note_taken.v2", data=data, **changes)


def test_what_is_announced_is_heard_once(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    for number in range(20):
        client.result("take_note", account_id=account, text=f"note {number}")
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 20)
    assert (
        probe.count("SELECT count(DISTINCT sequence) FROM heard WHERE account_id=:a", a=account)
        == 20
    )
    assert probe.count("SELECT max(sequence) FROM heard WHERE account_id = :a", a=account) == 20


def test_the_order_on_the_wire_is_the_order_of_the_account(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    keys = [client.send("take_note", {"account_id": account, "text": str(n)}) for n in range(30)]
    for key in keys:
        client.reply(key)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 30)
    disorder = """SELECT count(*) FROM outbox a JOIN outbox b ON a.subject = b.subject
        AND a.sequence < b.sequence AND a.position > b.position WHERE a.subject = :a"""
    assert probe.count(disorder, a=account) == 0


def test_the_same_event_five_times_has_one_effect(teller: Teller, probe: Probe) -> None:
    account = new_id("acc")
    body = orjson.dumps(envelope(account))
    for _ in range(5):
        teller.tell(body)
    teller.tell(orjson.dumps(envelope(account)))
    probe.wait_until(lambda: probe.count(HEARD, a=account) >= 2)
    time.sleep(0.3)
    assert probe.count(HEARD, a=account) == 2


def test_events_that_wait_together_share_a_transaction(teller: Teller, probe: Probe) -> None:
    account = new_id("acc")
    data = {"account_id": account, "note_id": new_id("note")}
    teller.tell(orjson.dumps(envelope(account, data={**data, "text": "sleep 0.4"})))
    for _ in range(12):
        teller.tell(orjson.dumps(envelope(account)))
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 13)
    transactions = "SELECT count(DISTINCT xmin::text) FROM heard WHERE account_id = :a"
    assert probe.count(transactions, a=account) <= 4


def test_who_takes_long_does_not_hold_up_the_queue(teller: Teller, probe: Probe) -> None:
    account = new_id("acc")
    slow = {"account_id": account, "note_id": new_id("note"), "text": "sleep 2.5"}
    teller.tell(orjson.dumps(envelope(account, data=slow)))
    probe.wait_until(lambda: probe.count(IN_HAND))
    teller.tell(orjson.dumps(envelope(account)))
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 1, seconds=2)
    assert probe.count("SELECT count(*) FROM heard WHERE note_id = :n", n=slow["note_id"]) == 0
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 2)


def test_one_that_fails_among_many_fails_alone(teller: Teller, probe: Probe) -> None:
    account, bad = new_id("acc"), new_id("note")
    probe.fails.touch()
    first = {"account_id": account, "note_id": new_id("note"), "text": "sleep 0.3"}
    teller.tell(orjson.dumps(envelope(account, data=first)))
    for number in range(10):
        data = {"account_id": account, "note_id": new_id("note"), "text": "by hand"}
        if number == 5:
            data |= {"note_id": bad, "text": "fail among others"}
        teller.tell(orjson.dumps(envelope(account, data=data)))
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 10)
    assert probe.count("SELECT count(*) FROM heard WHERE note_id = :n", n=bad) == 0
    probe.fails.unlink()
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 11)
    assert (
        probe.count("SELECT count(DISTINCT note_id) FROM heard WHERE account_id=:a", a=account)
        == 11
    )


def test_a_handler_that_fails_twice_succeeds_on_the_ladder(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    client.result("take_note", account_id=account, text="twice-fail")
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 1)


@pytest.mark.parametrize(
    ("text", "attempts"),
    [
        ("fail always", 6),
        ("timeout", 6),
        ("mistake", 1),
        ("refuse to hear", 1),
        ("systemexit", 1),
    ],
)
def test_an_outage_is_tried_again_and_then_parked_and_a_mistake_at_once(
    client: Client, probe: Probe, text: str, attempts: int
) -> None:
    account = new_id("acc")
    probe.fails.touch()
    client.result("take_note", account_id=account, text=text)
    parked = f"{PARKED} AND why = 'failed' AND attempts = :n"
    probe.wait_until(lambda: probe.count(parked, a=account, n=attempts) == 1)
    probe.fails.unlink()
    assert probe.count(HEARD, a=account) == 0
    assert probe.processes[0].poll() is None


def test_each_version_of_an_event_is_handled_once_by_who_takes_it(
    teller: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    for _ in range(10):
        teller.tell(orjson.dumps(envelope(account)))
        teller.tell(orjson.dumps(newer_envelope(account)))
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 20)


def test_an_event_announced_in_two_versions_under_one_id_has_its_effect_once(
    teller: Teller, probe: Probe
) -> None:
    account, later = new_id("acc"), new_id("acc")
    for _ in range(10):
        event = envelope(account)
        for body in (event, newer_envelope(account, id=event["id"])):
            teller.tell(orjson.dumps(body))
    teller.tell(orjson.dumps(envelope(later)))
    teller.tell(orjson.dumps(newer_envelope(later)))
    probe.wait_until(lambda: probe.count(HEARD, a=later) == 2)
    probe.wait_until(lambda: probe.count(HEARD, a=account) >= 10)
    assert probe.count(HEARD, a=account) == 10


def test_a_version_that_nobody_takes_is_parked_and_never_counts_as_done(
    teller: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    event = envelope(account, type="probe.note_taken.v3")
    teller.tell(orjson.dumps(event))
    parked = f"{PARKED} AND why = 'version_unknown' AND attempts = 1"
    probe.wait_until(lambda: probe.count(parked, a=account) == 1)
    assert probe.count("SELECT count(*) FROM inbox WHERE event_id = :e", e=event["id"]) == 0
    [row] = find_parked(client, account)
    again = client.problem("replay_parked", parked_id=row["parked_id"])
    assert again["code"] == "handler_unknown"
    assert "version 3" in again["detail"]


def test_what_the_broker_took_away_can_be_replayed(
    teller: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    deaths = [{"queue": QUEUE, "reason": "delivery_limit", "count": 1}]
    teller.tell(orjson.dumps(envelope(account)), {"x-death": deaths}, routing_key="probe.dead")
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    [row] = find_parked(client, account)
    assert (row["why"], row["handler"]) == ("delivered_too_often", "hear_note")
    assert client.result("replay_parked", parked_id=row["parked_id"])["status"] == "replayed"
    assert probe.count(HEARD, a=account) == 1


def test_a_parked_event_replayed_twice_has_one_effect(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    probe.fails.touch()
    client.result("take_note", account_id=account, text="mistake")
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    [parked] = find_parked(client, account)
    again = client.problem("replay_parked", parked_id=parked["parked_id"])
    assert again["code"] == "replay_failed"
    assert "a mistake" in again["detail"]
    probe.fails.unlink()
    assert client.result("replay_parked", parked_id=parked["parked_id"])["status"] == "replayed"
    assert (
        client.problem("replay_parked", parked_id=parked["parked_id"])["code"] == "already_settled"
    )
    assert probe.count(HEARD, a=account) == 1


def test_a_replayed_event_has_its_whole_effect_whoever_replays_it(
    client: Client, teller: Teller, probe: Probe
) -> None:
    account = new_id("acc")
    client.result("take_note", account_id=new_id("acc"), text="of another account")
    probe.fails.touch()
    data = {"account_id": account, "note_id": new_id("note"), "text": "mistake unless it sees all"}
    teller.tell(orjson.dumps(envelope(account, data=data)))
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    probe.fails.unlink()
    client.caller = Caller("key_test", frozenset({"admin"}), frozenset({account}))
    [parked] = client.result("list_parked")["items"]
    assert client.result("replay_parked", parked_id=parked["parked_id"])["status"] == "replayed"
    assert probe.count(HEARD, a=account) == 1


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"[" * 50_000,
    b"\x80\x04\x95",
    orjson.dumps({"a": {"__type__": "uuid", "__value__": {}}}),
    orjson.dumps(envelope(new_id("acc"), type="os.system.v1.x")),
    orjson.dumps(envelope(new_id("acc"), data=5)),
    orjson.dumps(envelope(new_id("acc"), sequence="many")),
    orjson.dumps(envelope(new_id("acc"), time="yesterday")),
]


@pytest.mark.parametrize("body", HOSTILE)
def test_an_undecodable_message_is_parked_as_it_came(
    teller: Teller, probe: Probe, body: bytes
) -> None:
    before = probe.count("SELECT count(*) FROM parked WHERE body = :b", b=body)
    teller.tell(body)
    probe.wait_until(
        lambda: probe.count("SELECT count(*) FROM parked WHERE body = :b", b=body) == before + 1
    )


def test_a_parked_message_is_discarded_with_a_reason(
    client: Client, teller: Teller, probe: Probe
) -> None:
    teller.tell(b"not json at all")
    find = "SELECT count(*) FROM parked WHERE body = 'not json at all'"
    probe.wait_until(lambda: probe.count(find))
    [row] = [
        row
        for row in client.result("list_parked", limit=500)["items"]
        if row["message"] == "not json at all"
    ]
    assert client.problem("replay_parked", parked_id=row["parked_id"])["status"] == 409
    gone = client.result("discard_parked", parked_id=row["parked_id"], reason="noise")
    assert (gone["status"], gone["settled_reason"]) == ("discarded", "noise")


def test_a_parked_message_is_there_only_for_those_who_see_its_account(
    client: Client, teller: Teller, probe: Probe
) -> None:
    mine, other = new_id("acc"), new_id("acc")
    hostile = f"of no account {new_id('evt')}".encode()
    for account in (mine, other):
        for _ in range(2):
            teller.tell(orjson.dumps(envelope(account, data={"note_id": "x"})))
    teller.tell(hostile)
    find = "SELECT count(*) FROM parked WHERE encode(body, 'escape') LIKE ANY(:all)"
    probe.wait_until(
        lambda: probe.count(find, all=[f"%{mine}%", f"%{other}%", hostile.decode()]) == 5
    )
    whole = client.result("list_parked", limit=500)["items"]
    ids = {
        of: [row["parked_id"] for row in whole if row["account_id"] == of] for of in (mine, other)
    }
    assert [len(found) for found in ids.values()] == [2, 2]
    [unknown] = [row for row in whole if row["message"] == hostile.decode()]
    assert unknown["account_id"] is None

    client.caller = Caller("key_test", frozenset({"admin"}), frozenset({mine}))
    seen = client.result("list_parked", limit=500)["items"]
    assert [row["parked_id"] for row in seen] == ids[mine]
    for parked_id in (*ids[other], unknown["parked_id"]):
        for method, more in (
            ("get_parked", {}),
            ("replay_parked", {}),
            ("discard_parked", {"reason": "not mine"}),
        ):
            problem = client.problem(method, parked_id=parked_id, **more)
            assert (problem["status"], problem["code"]) == (404, "parked_not_found")
    for parked_id in ids[mine]:
        client.result("get_parked", parked_id=parked_id)
        assert client.result("discard_parked", parked_id=parked_id, reason="seen")


@pytest.mark.parametrize(
    "headers",
    [{"nameko.call_id_stack": 5}, {"x-attempts": "x"}, {"x-death": 7}, {"x-attempts": -5}],
)
def test_hostile_headers_are_no_harm(teller: Teller, probe: Probe, headers: dict) -> None:
    account = new_id("acc")
    teller.tell(orjson.dumps(envelope(account)), headers)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 1)


def test_a_handler_past_its_time_is_undone_and_tried_again(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    client.result("take_note", account_id=account, text="slow")
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1, seconds=40)
    assert probe.count(HEARD, a=account) == 0


def test_stop_means_stop(probe: Probe, client: Client) -> None:
    """SIGTERM in the middle of work: what was begun is finished once, the rest waits for another."""
    account = new_id("acc")
    for _ in range(12):
        client.result("take_note", account_id=account, text="sleep 1")
    time.sleep(0.5)
    first = probe.processes[-1]
    first.terminate()
    began = time.monotonic()
    assert first.wait(30) == 0
    assert time.monotonic() - began < 30
    handled = probe.count(HEARD, a=account)
    log = Path(probe.folder / f"{len(probe.processes) - 1}.log").read_text()
    assert "broker_lost_while_settling" not in log
    assert "killing active" not in log
    probe.start()
    probe.wait_ready()
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 12)
    assert handled >= 1
    redelivered = "SELECT count(*) FROM inbox WHERE handler = 'hear_note'"
    assert probe.count(redelivered) >= 12


def test_kill_in_the_middle_loses_and_doubles_nothing(probe: Probe, client: Client) -> None:
    account = new_id("acc")
    for round_number in range(3):
        keys = [
            client.send("take_note", {"account_id": account, "text": f"sleep 0.0{n}"})
            for n in range(10)
        ]
        time.sleep(0.1 * round_number)
        probe.processes[-1].kill()
        probe.processes[-1].wait()
        probe.start()
        probe.wait_ready()
        for key in keys:
            client.reply(key)
    probe.wait_until(lambda: probe.count(HEARD, a=account) == 30)
    time.sleep(0.5)
    assert probe.count(HEARD, a=account) == 30
    assert probe.count("SELECT count(*) FROM note WHERE account_id = :a", a=account) == 30
