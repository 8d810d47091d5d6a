"""Commands that wait together in a process that dies or is stopped: none is lost, none is done twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.servers import Servers
from tests.chassis.conftest import Client, Probe
from tests.chassis.writing import EVENTS, IN_HAND, NOTES, TRANSACTIONS, Account

pytestmark = pytest.mark.server


@pytest.fixture
def probe(servers: Servers, migrated_probe: None, tmp_path: Path) -> Iterator[Probe]:
    """A process that a test may end."""
    with Probe(servers, tmp_path, "system") as probe:
        probe.start()
        probe.wait_ready()
        yield probe


@pytest.fixture
def account(client: Client) -> Account:
    return Account(client)


def test_who_dies_in_the_middle_has_acknowledged_nothing_and_all_is_done_once(
    account: Account, probe: Probe
) -> None:
    probe.fails.touch()
    first = account.hold_up(2)
    texts = ["a"] * 10 + ["sleep 0.5", "die"] + ["a"] * 10
    keys = [account.send(text, seconds=60) for text in texts]
    account.done(first)
    assert probe.processes[-1].wait() == -signal.SIGKILL
    assert not account.client.replies
    assert probe.count(NOTES, a=account.account_id) == len(first)
    probe.start()
    account.done(keys)
    assert probe.count(NOTES, a=account.account_id) == len([*first, *keys])
    assert probe.count(EVENTS, a=account.account_id) == len([*first, *keys])
    assert probe.count(TRANSACTIONS, a=account.account_id) == len([*first, *keys]), (
        "it may die of one"
    )


def test_stop_means_that_a_group_is_finished_and_what_waits_is_given_back(
    account: Account, probe: Probe
) -> None:
    in_hand = f"SELECT count(*) FROM ({IN_HAND}) AS session"
    first, waits = account.hold_up(1), [account.send(seconds=60) for _ in range(20)]
    probe.wait_until(lambda: probe.count(in_hand) == len(first))
    probe.processes[-1].send_signal(signal.SIGTERM)
    account.done(first)
    assert probe.processes[-1].wait() == 0
    assert probe.count(NOTES, a=account.account_id) == len(first)
    probe.start()
    account.done(waits)
    assert probe.count(EVENTS, a=account.account_id) == len([*first, *waits])
