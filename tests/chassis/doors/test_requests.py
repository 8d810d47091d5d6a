"""What a request can rely on: its answer, once, in time, for those who may."""

from __future__ import annotations

import pytest

from chassis.ground.config import COSTLY_WAITING_MAX, COSTLY_WORKERS
from kernel import rpc
from kernel.callers import INTERNAL, Caller
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe
from tests.chassis.ending import END_OTHERS

pytestmark = pytest.mark.server
ACCOUNT = new_id("acc")


def test_a_command_stores_and_answers(client: Client) -> None:
    note = client.result("take_note", account_id=ACCOUNT, text="hello")
    assert note["version"] == 1
    assert client.result("get_note", note_id=note["note_id"])["text"] == "hello"


def test_the_same_command_id_gets_the_same_answer_and_works_once(client: Client) -> None:
    account = new_id("acc")
    keys = [
        client.send(
            "take_note", {"account_id": account, "text": "once", "seconds": 0.2}, command_id="once"
        )
        for _ in range(5)
    ]
    answers = [client.reply(key) for key in keys]
    assert len({answer["result"]["note_id"] for answer in answers}) == 1


def test_the_same_command_id_with_another_payload_is_refused(client: Client) -> None:
    first, second = ({"account_id": ACCOUNT, "text": text} for text in "ab")
    client.reply(client.send("take_note", first, command_id="other"))
    answer = client.reply(client.send("take_note", second, command_id="other"))
    assert answer["error"]["problem"]["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"account_id": "nobody", "text": "x"}, "account_id"),
        ({"account_id": ACCOUNT}, "text"),
        ({"account_id": ACCOUNT, "text": "x", "colour": "red"}, "colour"),
        ({"account_id": ACCOUNT, "text": 7}, "text"),
    ],
)
def test_a_wrong_field_is_named(client: Client, values: dict, field: str) -> None:
    problem = client.problem("take_note", **values)
    assert problem["status"] == 422
    assert [error["field"] for error in problem["errors"]] == [field]


def test_a_refusal_undoes_everything(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    assert client.problem("take_note", account_id=account, text="refuse")["code"] == "no_notes"
    assert probe.count("SELECT count(*) FROM note WHERE account_id = :a", a=account) == 0
    assert probe.count("SELECT count(*) FROM outbox WHERE subject = :a", a=account) == 0


@pytest.mark.parametrize("text", ["break", "exit"])
def test_a_fault_tells_nothing_of_the_inside(client: Client, text: str) -> None:
    error = client.call("take_note", account_id=ACCOUNT, text=text)["error"]
    assert error["problem"]["status"] == 500
    assert "secret" not in str(error)


def test_a_command_past_its_deadline_is_refused_not_run(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    key = client.send("take_note", {"account_id": account, "text": "late"}, seconds=-1)
    assert client.reply(key)["error"]["problem"]["code"] == "deadline_passed"
    assert probe.count("SELECT count(*) FROM note WHERE account_id = :a", a=account) == 0


def test_work_that_outlasts_the_deadline_is_undone(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    key = client.send(
        "take_note", {"account_id": account, "text": "slow", "seconds": 5}, seconds=0.5
    )
    assert client.reply(key)["error"]["problem"]["code"] == "too_slow"
    assert probe.count("SELECT count(*) FROM note WHERE account_id = :a", a=account) == 0


@pytest.mark.parametrize("scopes", [[], ["probe:read"], [INTERNAL]])
def test_only_a_caller_with_the_scope_gets_in(client: Client, scopes: list[str]) -> None:
    client.caller = Caller("key_test", frozenset(scopes))
    assert client.problem("take_note", account_id=ACCOUNT, text="x")["code"] == "scope_missing"


def test_a_caller_who_may_see_some_accounts_sees_no_others(client: Client) -> None:
    mine, other = new_id("acc"), new_id("acc")
    theirs = client.result("take_note", account_id=other, text="theirs")
    client.caller = Caller("key_test", frozenset("*"), frozenset([mine]))
    ours = client.result("take_note", account_id=mine, text="ours")
    assert client.result("get_note", note_id=ours["note_id"])["text"] == "ours"
    assert client.problem("get_note", note_id=theirs["note_id"])["status"] == 404
    assert client.problem("edit_note", note_id=theirs["note_id"], text="x")["status"] == 404
    assert client.problem("take_note", account_id=other, text="x")["status"] == 404
    listed = client.result("list_notes", limit=500)["items"]
    assert {note["account_id"] for note in listed} == {mine}


def test_internal_methods_are_for_the_gateway_alone(client: Client) -> None:
    assert client.problem("describe")["code"] == "scope_missing"
    client.caller = Caller("gateway", frozenset([INTERNAL]))
    assert client.result("describe")["service"] == "probe"


def test_a_change_on_a_stale_version_is_refused(client: Client) -> None:
    note = client.result("take_note", account_id=ACCOUNT, text="v1")
    change = {"note_id": note["note_id"], "text": "v2"}
    first = client.reply(client.send("edit_note", change, if_match=1))
    assert first["result"]["version"] == 2
    stale = client.reply(client.send("edit_note", change, if_match=1))
    assert stale["error"]["problem"]["status"] == 412


def test_a_query_cannot_write(client: Client) -> None:
    assert client.problem("write")["status"] == 500


def test_a_slow_query_does_not_stall_the_others(client: Client) -> None:
    """psycopg2 is green: with one that blocks, the quick call would wait for the slow one."""
    slow = client.send("sleep", {"seconds": 2})
    quick = client.send("list_notes", {"limit": 1})
    client.reply(quick)
    assert slow not in client.replies
    client.reply(slow)


def test_what_is_costly_waits_in_a_lane_of_its_own_and_holds_up_nobody(
    client: Client, probe: Probe
) -> None:
    begun, go_on = (probe.fails.with_name(f"fails.{name}") for name in ("begun", "go"))
    in_lane = [
        client.send("report", seconds=60) for _ in range(COSTLY_WORKERS + COSTLY_WAITING_MAX)
    ]
    refused = client.reply(client.send("report"))["error"]["problem"]
    assert (refused["status"], refused["code"]) == (503, "overloaded")
    for _ in range(20):
        assert client.result("list_notes", limit=1)
    assert client.result("take_note", account_id=ACCOUNT, text="meanwhile")
    probe.wait_until(lambda: begun.exists() and begun.stat().st_size == COSTLY_WORKERS)
    assert not set(in_lane) & client.replies.keys()
    go_on.touch()
    assert [client.reply(one)["error"] for one in in_lane] == [None] * len(in_lane)
    assert begun.stat().st_size == len(in_lane)


def test_pages_join_up(client: Client) -> None:
    account = new_id("acc")
    client.caller = Caller("key_test", frozenset("*"), frozenset([account]))
    made = {
        client.result("take_note", account_id=account, text=str(n))["note_id"] for n in range(7)
    }
    seen, after = [], None
    while True:
        page = client.result("list_notes", limit=3, after=after)
        seen += [note["note_id"] for note in page["items"]]
        after = page["next_after"]
        if not page["has_more"]:
            break
    assert set(seen) == made
    assert len(seen) == 7


@pytest.mark.parametrize("cursor", ["x", "", "bnVsbA", "W10", "WzFd", "%00", "é"])
def test_a_made_up_cursor_is_refused(client: Client, cursor: str) -> None:
    problem = client.problem("list_notes", after=cursor)
    assert problem["status"] == 422, problem


HOSTILE = [
    b"",
    b"{",
    b"[1,2]",
    b'{"args": [1], "kwargs": {}}',
    b'{"kwargs": 5}',
    b"[" * 100_000,
    b'{"kwargs": {"__type__": "uuid", "__value__": {}}}',
    b'{"kwargs": {"account_id": "\\u0000"}}',
    b"\xff\xfe",
    b"\x80\x04\x95",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_hostile_body_is_answered_with_a_problem(client: Client, body: bytes) -> None:
    answer = client.reply(client.send("take_note", body))
    assert answer["error"]["problem"]["status"] in (400, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"nameko.call_id_stack": 5},
        {rpc.TOKEN_HEADER: 5},
        {rpc.TOKEN_HEADER: "x" * 100_000},
        {rpc.TRACE_HEADER: ["x"]},
        {"x-attempts": -1, "x-sender": 7},
    ],
)
def test_a_hostile_header_cannot_end_the_process(
    client: Client, probe: Probe, headers: dict
) -> None:
    client.reply(client.send("take_note", {"account_id": ACCOUNT, "text": "x"}, headers=headers))
    assert client.result("list_notes", limit=1)
    assert probe.processes[0].poll() is None


def test_an_unknown_method_and_a_missing_reply_to_are_no_harm(client: Client, probe: Probe) -> None:
    assert client.call("no_such_method")["error"]["exc_type"] == "MethodNotFound"
    reply_to, client.reply_to = client.reply_to, ""
    client.send("list_notes", {"limit": 1})
    client.reply_to = reply_to
    assert client.result("list_notes", limit=1)
    assert probe.processes[0].poll() is None


def test_a_query_survives_the_end_of_its_connections(client: Client, probe: Probe) -> None:
    note = client.result("take_note", account_id=ACCOUNT, text="before")
    client.result("get_note", note_id=note["note_id"])
    probe.count(END_OTHERS)
    assert client.result("get_note", note_id=note["note_id"])["text"] == "before"


def test_a_query_sees_one_unchanging_view(client: Client, probe: Probe) -> None:
    looking = client.send("look_twice", {"seconds": 1})
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE :q"
    probe.wait_until(lambda: probe.count(sleeping, q="SELECT pg_sleep(%"))
    client.result("take_note", account_id=ACCOUNT, text="in between")
    assert looking not in client.replies
    looks = client.reply(looking)["result"]
    assert looks["before"] == looks["after"]


def test_what_does_not_say_how_far_it_reaches_is_only_for_who_sees_all(client: Client) -> None:
    assert client.reply(client.send("sleep", {"seconds": 0}))["error"] is None
    client.caller = Caller("key_test", frozenset("*"), frozenset({new_id("acc")}))
    refused = client.reply(client.send("sleep", {"seconds": 0}))["error"]["problem"]
    assert (refused["status"], refused["code"]) == (403, "all_accounts_needed")
    assert client.result("list_notes", limit=1)["items"] == []
