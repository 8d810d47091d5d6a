"""Several handlers of one queue: each does its part, whatever becomes of the others."""

from __future__ import annotations

import os
from collections.abc import Iterator

import orjson
import pytest

from dev import servers as development_servers
from dev.servers import Servers
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe, Teller
from tests.chassis.doors.test_events import envelope, find_parked

pytestmark = pytest.mark.server
ALL = "SELECT count(*) FROM heard WHERE account_id = :a AND note_id = 'all'"
SINGLY = "SELECT count(*) FROM heard WHERE account_id = :a AND note_id <> 'all'"
PARKED = "SELECT count(*) FROM parked WHERE account_id = :a"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """An instance of this module's own: its probe's queue hears everything."""
    name = f"ears{os.getpid()}"
    yield development_servers.make_instance(name, guests=["probe"])
    development_servers.drop_instance(name)


@pytest.fixture(scope="module")
def probe(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    with Probe(servers, tmp_path_factory.mktemp("ears"), "system", PROBE_EARS="1") as probe:
        assert probe.migrate().returncode == 0
        probe.start()
        probe.wait_ready()
        yield probe


@pytest.fixture(autouse=True)
def no_failures_left(probe: Probe) -> Iterator[None]:
    yield
    probe.fails.unlink(missing_ok=True)


def tell(teller: Teller, account: str, text: str, **changes: object) -> str:
    note_id = new_id("note")
    data = {"account_id": account, "note_id": note_id, "text": text}
    teller.tell(orjson.dumps(envelope(account, data=data, **changes)))
    return note_id


def test_each_handler_of_an_event_handles_it_once(client: Client, probe: Probe) -> None:
    account = new_id("acc")
    for _ in range(5):
        client.result("take_note", account_id=account, text="for both")
    probe.wait_until(lambda: probe.count(ALL, a=account) == 5)
    assert probe.count(SINGLY, a=account) == 5


@pytest.mark.parametrize(
    ("text", "fails", "heard", "parked_for"),
    [("mistake", True, (1, 0), "hear_note"), ("deafening", False, (0, 1), "hear_all")],
)
def test_a_handler_that_fails_stops_no_other(
    teller: Teller,
    client: Client,
    probe: Probe,
    text: str,
    fails: bool,
    heard: tuple[int, int],
    parked_for: str,
) -> None:
    account = new_id("acc")
    if fails:
        probe.fails.touch()
    tell(teller, account, text)
    probe.wait_until(lambda: probe.count(PARKED, a=account))
    assert (probe.count(ALL, a=account), probe.count(SINGLY, a=account)) == heard
    [row] = find_parked(client, account)
    assert (row["handler"], row["attempts"]) == (parked_for, 1)


def test_what_one_handler_tries_again_the_other_does_not(teller: Teller, probe: Probe) -> None:
    account = new_id("acc")
    tell(teller, account, "twice-fail")
    probe.wait_until(lambda: probe.count(SINGLY, a=account) == 1)
    assert probe.count(ALL, a=account) == 1
    assert probe.count(PARKED, a=account) == 0


def test_who_hears_everything_does_not_stand_in_for_who_knows_the_event(
    teller: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    tell(teller, account, "of the future", type="probe.note_taken.v3")
    probe.wait_until(lambda: probe.count(ALL, a=account) == 1)
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    [row] = find_parked(client, account)
    assert (row["why"], row["handler"]) == ("version_unknown", None)


def test_who_takes_many_is_given_all_that_wait_and_one_that_fails_fails_alone(
    teller: Teller, client: Client, probe: Probe
) -> None:
    account = new_id("acc")
    tell(teller, account, "sleep 0.4")
    for number in range(40):
        tell(teller, account, "deafening" if number == 17 else "by hand")
    probe.wait_until(lambda: probe.count(SINGLY, a=account) == 41)
    probe.wait_until(lambda: probe.count(ALL, a=account) == 40)
    probe.wait_until(lambda: probe.count(PARKED, a=account) == 1)
    together = "SELECT max(sequence) FROM heard WHERE account_id = :a AND note_id = 'all'"
    assert probe.count(together, a=account) >= 10
    [row] = find_parked(client, account)
    assert (row["handler"], row["message"]["data"]["text"]) == ("hear_all", "deafening")
