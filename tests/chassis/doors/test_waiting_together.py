"""Commands that wait together: nobody waits for company, and each is answered for itself."""

from __future__ import annotations

import httpx
import pytest

from chassis.ground.config import GROUPS_AT_ONCE
from kernel.callers import Caller
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe
from tests.chassis.writing import EVENTS, IN_HAND, NOTES, TRANSACTIONS, Account

pytestmark = pytest.mark.server

TERMINATE = f"SELECT count(pg_terminate_backend(pid)) FROM ({IN_HAND}) AS session"


@pytest.fixture
def account(client: Client) -> Account:
    return Account(client)


def test_a_lone_command_is_begun_at_once_and_what_comes_meanwhile_is_the_next_group(
    account: Account, probe: Probe
) -> None:
    keys = [*account.hold_up(2), *(account.send() for _ in range(40))]
    account.done(keys)
    assert probe.count(NOTES, a=account.account_id) == len(keys)
    assert probe.count(EVENTS, a=account.account_id) == len(keys)
    assert probe.count(TRANSACTIONS, a=account.account_id) == GROUPS_AT_ONCE + 1


def test_a_group_holds_up_nobody_else(account: Account, client: Client) -> None:
    slow = account.hold_up(3)
    waits = [account.send() for _ in range(40)]
    assert client.result("list_notes", limit=1)
    assert client.result("take_note", account_id=account.account_id, text="meanwhile")
    assert not {*slow, *waits} & client.replies.keys()
    account.done([*slow, *waits])


def test_who_waited_longer_than_their_time_is_not_served(account: Account, probe: Probe) -> None:
    first, late, last = account.hold_up(1), account.send(seconds=0.5), account.send()
    assert account.problem(late)["code"] == "deadline_passed"
    account.done([*first, last])
    assert probe.count(NOTES, a=account.account_id) == len(first) + 1


def test_one_whose_time_runs_out_is_parted_from_the_others(account: Account, probe: Probe) -> None:
    first = account.hold_up()
    slow = account.send("sleep 5", seconds=1.5)
    others = [account.send() for _ in range(3)]
    account.done([*first, *others])
    assert account.problem(slow)["status"] == 503
    assert probe.count(NOTES, a=account.account_id) == len(first) + 3


@pytest.mark.parametrize(
    ("text", "status"), [("break", 500), ("exit", 500), ("clash", 500), ("burst", 422)]
)
def test_poison_among_good_fails_alone_and_as_it_does_alone(
    account: Account, probe: Probe, text: str, status: int
) -> None:
    first, before, poison, after, refused = (
        account.hold_up(),
        account.send(),
        account.send(text),
        account.send(),
        account.send("refuse"),
    )
    account.done([*first, before, after])
    together = account.problem(poison)
    assert together["status"] == status
    assert together == account.problem(account.send(text))
    assert account.problem(refused)["code"] == "no_notes"
    assert probe.count(NOTES, a=account.account_id) == len(first) + 2
    assert probe.count(EVENTS, a=account.account_id) == len(first) + 2


def test_a_fault_is_logged_with_the_request_that_met_it(account: Account, probe: Probe) -> None:
    first, poison, good = account.hold_up(), account.send("break"), account.send()
    account.done([*first, good])
    account.problem(poison)
    faults = [
        line
        for line in (probe.folder / "0.log").read_text().splitlines()
        if "request_failed" in line and f"req_{poison}" in line
    ]
    assert len(faults) == 1


def test_what_comes_twice_in_one_group_is_done_once(account: Account, probe: Probe) -> None:
    values = {"account_id": account.account_id, "note_id": new_id("note"), "text": "a"}
    first = account.hold_up()
    keys = [
        account.client.send("write_note", values, command_id=values["note_id"]) for _ in range(4)
    ]
    assert len({answer["version"] for answer in account.done(keys)}) == 1
    account.done(first)
    assert probe.count(NOTES, a=account.account_id) == len(first) + 1


def test_callers_of_all_kinds_are_served_together_each_as_they_may(
    account: Account, probe: Probe
) -> None:
    client, system = account.client, account.client.caller
    first = account.hold_up()
    client.caller = Caller("key_mine", frozenset("*"), frozenset({account.account_id}))
    mine = account.send()
    client.caller = Caller("key_other", frozenset("*"), frozenset({new_id("acc")}))
    other = account.send()
    client.caller = Caller("key_reader", frozenset({"probe:read"}))
    reader = account.send()
    client.caller = system
    bare = client.send("write_note", {"account_id": account.account_id})
    assert {one["written_by"] for one in account.done(first)} == {"key_test"}
    assert {one["written_by"] for one in account.done([mine])} == {"key_mine"}
    assert account.problem(other)["code"] == "account_not_found"
    assert account.problem(reader)["code"] == "scope_missing"
    assert {error["field"] for error in account.problem(bare)["errors"]} == {"note_id", "text"}
    assert probe.count(NOTES, a=account.account_id) == len(first) + 1


def test_each_is_measured_for_itself(account: Account, probe: Probe) -> None:
    def measured() -> tuple[float, float, float]:
        page = httpx.get(f"http://127.0.0.1:{probe.ports[-1]}/metrics").text
        found = dict(line.rsplit(" ", 1) for line in page.splitlines() if line[0] != "#")
        names = [
            'steward_rpc_seconds_count{method="write_note",outcome="ok"}',
            'steward_rpc_seconds_count{method="write_note",outcome="no_notes"}',
            'steward_commands_together_sum{method="write_note"}',
        ]
        ok, refused, together = (float(found.get(name, 0)) for name in names)
        return ok, refused, together

    account.done([account.send()])
    before = measured()
    keys = [*account.hold_up(), account.send("refuse"), account.send(), account.send()]
    account.problem(keys.pop(-3))
    account.done(keys)
    after = measured()
    done = [new - old for new, old in zip(after, before, strict=True)]
    assert done == [len(keys), 1, len(keys) + 1]


def test_connections_that_are_cut_in_the_middle_lose_nothing(
    account: Account, probe: Probe
) -> None:
    keys = [*account.hold_up(), *(account.send("sleep 0.2") for _ in range(3))]
    for _ in range(3):
        probe.wait_until(lambda: probe.count(TERMINATE))
    account.done(keys)
    assert probe.count(NOTES, a=account.account_id) == len(keys)
    assert probe.count(EVENTS, a=account.account_id) == len(keys)
