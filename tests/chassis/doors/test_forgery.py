"""Who may say what: events from their source's user, requests from the gateway's, each token once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from kernel import rpc
from kernel.callers import INTERNAL, Caller
from kernel.ids import new_id
from tests.chassis.conftest import SECRET, Client, Probe, Teller
from tests.chassis.doors.test_events import HEARD, PARKED, envelope, find_parked

pytestmark = pytest.mark.server
STRANGER = "steward_stranger"
NOTES = "SELECT count(*) FROM note WHERE account_id = :a"


@pytest.fixture
def anybody(probe: Probe) -> Iterator[Teller]:
    """One who may write anywhere and in anybody's name."""
    teller = Teller(probe.admin_uri)
    yield teller
    teller.connection.close()


@pytest.mark.parametrize(
    ("properties", "headers", "sender"),
    [
        ({"user_id": STRANGER}, {}, STRANGER),
        ({"user_id": "steward_gateway"}, {}, "steward_gateway"),
        ({"user_id": STRANGER}, {"x-sender": "steward_probe"}, STRANGER),
        ({"user_id": STRANGER}, {"x-attempts": 3, "x-sender": "steward_probe"}, STRANGER),
        ({"user_id": "steward_probe"}, {"x-attempts": 1, "x-sender": STRANGER}, STRANGER),
        ({"user_id": "steward_probe"}, {"x-attempts": 1, "x-sender": ""}, ""),
    ],
)
def test_an_event_from_another_user_is_parked_and_not_believed(
    anybody: Teller,
    client: Client,
    probe: Probe,
    properties: dict[str, str],
    headers: dict[str, Any],
    sender: str,
) -> None:
    account = new_id("acc")
    anybody.tell(orjson.dumps(envelope(account)), headers, **properties)
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    [row] = find_parked(client, account)
    assert (row["why"], row["sender"]) == ("forged", sender)
    assert "steward_probe" in row["error"]
    assert probe.count(HEARD, a=account) == 0


def test_an_event_that_names_no_user_is_parked_and_not_believed(
    anybody: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    anybody.tell(orjson.dumps(envelope(account)), user_id=None)
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    [row] = find_parked(client, account)
    assert (row["why"], row["sender"]) == ("forged", "")


def test_only_our_own_ladder_counts_attempts(anybody: Teller, client: Client, probe: Probe) -> None:
    """Else who sends an event with five attempts has it parked at its first failure."""
    account = new_id("acc")
    data = {"account_id": account, "note_id": new_id("note"), "text": "twice-fail"}
    anybody.tell(orjson.dumps(envelope(account, data=data)), {"x-attempts": 5}, user_id=STRANGER)
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    assert find_parked(client, account)[0]["attempts"] == 1


def test_a_forged_event_is_replayed_only_by_who_says_why_it_is_to_be_trusted(
    anybody: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    anybody.tell(orjson.dumps(envelope(account)), user_id=STRANGER)
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    [row] = find_parked(client, account)
    refused = client.problem("replay_parked", parked_id=row["parked_id"])
    assert refused["code"] == "sender_not_trusted"
    assert STRANGER in refused["detail"]
    assert probe.count(HEARD, a=account) == 0
    why = "we sent it by hand, see ticket 7"
    done = client.result("replay_parked", parked_id=row["parked_id"], trusted_because=why)
    assert (done["status"], done["settled_reason"]) == ("replayed", why)
    assert probe.count(HEARD, a=account) == 1


def test_the_clock_waits_for_an_event_though_a_forged_one_of_its_id_is_parked(
    anybody: Teller, client: Client, probe: Probe
) -> None:
    event = envelope(new_id("acc"), id=new_id("evt"))
    anybody.tell(orjson.dumps(event), user_id=STRANGER)
    parked = "SELECT count(*) FROM parked WHERE event_id = :e"
    probe.wait_until(lambda: probe.count(parked, e=event["id"]) == 1)
    client.caller = Caller("gateway", frozenset({INTERNAL}))
    asked = {"hear_note": [event["id"]]}
    assert client.result("unhandled", events=asked)["unhandled"] == {"hear_note": 1}


@pytest.mark.parametrize("sender", [STRANGER, "steward_probe", "steward_admin", None])
def test_a_request_of_another_than_the_gateway_is_not_answered(
    client: Client, probe: Probe, anybody: Teller, sender: str | None
) -> None:
    account, key = new_id("acc"), str(uuid.uuid4())
    body = orjson.dumps({"args": [], "kwargs": {"account_id": account, "text": "forged"}})
    token = client.vouch("take_note", body, key)
    anybody.tell(
        body,
        {rpc.TOKEN_HEADER: token},
        exchange="nameko-rpc",
        routing_key="probe.take_note",
        user_id=sender,
        reply_to=client.reply_to,
        correlation_id=key,
    )
    text = "SELECT count(*) FROM parked WHERE encode(body, 'escape') LIKE :a"
    probe.wait_until(lambda: probe.count(text, a=f"%{account}%") == 1)
    [row] = find_parked(client, account)
    assert (row["why"], row["queue"], row["handler"]) == ("forged", "rpc-probe", None)
    assert key not in client.replies
    assert probe.count(NOTES, a=account) == 0
    told = client.problem("replay_parked", parked_id=row["parked_id"], trusted_because="?")
    assert told["code"] == "no_event"


def vouch_by_another_service(client: Client, body: bytes, key: str) -> str:
    """As sales would with its own key, if it wanted something of the probe."""
    voucher = rpc.Voucher(key, "probe.take_note", client.caller, "req", time.time() + 9, "once")
    claims = orjson.dumps(rpc.write_claims(voucher, body))
    return rpc.seal(rpc.derive_key(SECRET, "sales"), claims)


@pytest.mark.parametrize(
    "vouch",
    [
        lambda client, body, key: "",
        lambda client, body, key: "x.y.z",
        lambda client, body, key: client.vouch("edit_note", body, key),
        lambda client, body, key: client.vouch("", body, key, address="sales.take_note"),
        lambda client, body, key: client.vouch("take_note", body + b" ", key),
        lambda client, body, key: client.vouch("take_note", body, "another call"),
        vouch_by_another_service,
    ],
)
def test_a_token_that_is_not_for_this_call_is_refused(
    client: Client, probe: Probe, vouch: Callable[[Client, bytes, str], str]
) -> None:
    account, key = new_id("acc"), str(uuid.uuid4())
    body = orjson.dumps({"args": [], "kwargs": {"account_id": account, "text": "x"}})
    client.publish("take_note", body, key, {rpc.TOKEN_HEADER: vouch(client, body, key)})
    problem = client.reply(key)["error"]["problem"]
    assert problem["status"] == 401
    assert problem["code"] in {"caller_not_signed", "token_of_another_call"}
    assert probe.count(NOTES, a=account) == 0


def test_a_copy_of_a_call_is_neither_done_nor_answered(client: Client, probe: Probe) -> None:
    """Though it was refused at first, and would be done now."""
    account, key = new_id("acc"), str(uuid.uuid4())
    note = client.result("take_note", account_id=account, text="v1")
    body = orjson.dumps({"args": [], "kwargs": {"note_id": note["note_id"], "text": "copied"}})
    token = client.vouch("edit_note", body, key, if_match=2)
    client.publish("edit_note", body, key, {rpc.TOKEN_HEADER: token})
    assert client.reply(key)["error"]["problem"]["status"] == 412
    client.result("edit_note", note_id=note["note_id"], text="v2")
    copies = probe.metric("steward_calls_repeated_total")
    client.publish("edit_note", body, key, {rpc.TOKEN_HEADER: token})
    probe.wait_until(lambda: probe.metric("steward_calls_repeated_total") == copies + 1)
    assert client.result("get_note", note_id=note["note_id"])["text"] == "v2"
    assert key not in client.replies


def test_the_same_command_sent_again_under_an_id_of_its_own_gets_the_stored_answer(
    client: Client, probe: Probe
) -> None:
    """As the gateway does when its connection broke."""
    account = new_id("acc")
    values = {"account_id": account, "text": "once"}
    sent = [client.send("take_note", values, command_id=f"again-{account}") for _ in range(3)]
    answers = [client.reply(key)["result"]["note_id"] for key in sent]
    assert len(set(answers)) == 1
    assert probe.count(NOTES, a=account) == 1
