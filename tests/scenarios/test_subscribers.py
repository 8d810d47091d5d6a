"""The programs of docs/subscribing.md, run as they stand there, hear of a payment."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import amqp
import orjson
import pytest
from kombu import Connection

from dev.servers import Servers
from dev.state import PROJECT
from kernel.broker import events_exchange, replies_exchange, rpc_queue
from ops.subscribers import USUAL
from tests.faults.attacker import OWN, list_targets

pytestmark = pytest.mark.server

GUIDE = (PROJECT / "docs/subscribing.md").read_text()
PROGRAM = re.compile(
    r"^## With \w+$.*?this as `(\S+)`, run.*?by\s`([^`]+)`.*?^```python\n(.*?)^```", re.M | re.S
)
SECONDS_MAX = 60


class Running:
    """A program of the guide, in a process of its own."""

    def __init__(self, folder: Path, address: str, name: str, command: str, code: str) -> None:
        (folder / name).write_text(code)
        self._heard = folder / "heard"
        with self._heard.open("w") as heard:
            self._process = subprocess.Popen(
                shlex.split(command.replace("$EVENTS", address)),
                cwd=folder,
                env={**os.environ, "EVENTS": address, "PATH": _path()},
                stdout=heard,
                stderr=subprocess.STDOUT,
            )

    def read(self) -> str:
        """What it has printed; AssertionError where it has ended."""
        assert self._process.poll() is None, self._heard.read_text()
        return self._heard.read_text()

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait(10)


def wait_for(running: Running, is_so: Callable[[], bool]) -> None:
    """Return when it is so; AssertionError where that takes long or the program ends."""
    end = time.monotonic() + SECONDS_MAX
    while not is_so():
        assert time.monotonic() < end, running.read()
        running.read()
        time.sleep(0.1)


def _path() -> str:
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


@pytest.fixture(params=PROGRAM.findall(GUIDE), ids=lambda program: program[0])
def program(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Running]:
    """A program that has bound its queue, and listens."""
    running = Running(tmp_path, servers.amqp_uri(USUAL), *request.param)
    try:
        with Connection(servers.amqp_uri("admin")) as admin:
            channel = admin.channel()
            wait_for(running, lambda: channel.queue_declare(USUAL, passive=True).consumer_count > 0)
        yield running
    finally:
        running.stop()


def test_there_are_two_programs_and_they_are_short() -> None:
    programs = PROGRAM.findall(GUIDE)
    assert [name for name, _, _ in programs] == ["hear.py", "bookkeeper.py"]
    for _, _, code in programs:
        assert len([line for line in code.splitlines() if line.strip()]) <= 11


def list_harm() -> list[tuple[str, Callable[[amqp.Channel], Any]]]:
    """What somebody might try on each queue and exchange of the running system."""
    targets = list_targets()
    targets["queues"].append(rpc_queue(OWN))
    targets["exchanges"] += [events_exchange(OWN), replies_exchange(OWN)]
    message = amqp.Message("x")
    on_queues: dict[str, Callable[[amqp.Channel, str], Any]] = {
        "delete": lambda channel, name: channel.queue_delete(name),
        "purge": lambda channel, name: channel.queue_purge(name),
        "read": lambda channel, name: channel.basic_get(name),
        "unbind": lambda channel, name: channel.queue_unbind(name, "billing.events", "#"),
        "publish to": lambda channel, name: channel.basic_publish_confirm(message, "", name),
    }
    on_exchanges: dict[str, Callable[[amqp.Channel, str], Any]] = {
        "delete": lambda channel, name: channel.exchange_delete(name),
        "publish to": lambda channel, name: channel.basic_publish_confirm(message, name, "x"),
        "bind": lambda channel, name: channel.exchange_bind(name, "billing.events", "#"),
    }
    return [
        (f"{verb} {name}", partial(action, name=name))
        for actions, names in ((on_queues, targets["queues"]), (on_exchanges, targets["exchanges"]))
        for verb, action in actions.items()
        for name in names
    ]


def is_refused(servers: Servers, harm: Callable[[amqp.Channel], Any]) -> bool:
    with Connection(servers.amqp_uri(USUAL)) as outside:
        channel = outside.channel()
        channel.confirm_select()
        try:
            harm(channel)
        except amqp.AccessRefused:
            return True
        return False


def test_whatever_a_subscriber_tries_is_refused_and_payments_go_on(
    firm, client, servers: Servers
) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 5000)
    assert [what for what, harm in list_harm() if not is_refused(servers, harm)] == []
    firm.pay(account, 5000)
    assert client.get(f"/v1/invoices/{invoice['invoice_id']}")["status"] == "paid"
    assert "payment_received" in firm.timeline(account)


def test_a_payment_reaches_a_program_from_outside(firm, program: Running) -> None:
    account = firm.open_account()
    firm.invoice(account, 12345)
    firm.pay(account, 12345)
    line = re.compile(rf"^evt_\S+ {account['account_id']} 12345$", re.M)
    wait_for(program, lambda: line.search(program.read()) is not None)


def test_who_hears_all_of_a_source_can_count_the_events_about_each_subject(
    firm, servers: Servers
) -> None:
    with Connection(servers.amqp_uri(USUAL)) as outside:
        channel = outside.channel()
        channel.queue_bind(USUAL, "billing.events", "#")
        channel.queue_purge(USUAL)
        account = firm.open_account()
        firm.invoice(account, 4000)
        firm.pay(account, 4000)
        channel.queue_unbind(USUAL, "billing.events", "#")
        heard = []
        while message := channel.basic_get(USUAL, no_ack=True):
            heard.append(orjson.loads(message.body))
    about = [event for event in heard if event["subject"] == account["account_id"]]
    assert [event["sequence"] for event in about] == [str(n + 1) for n in range(len(about))]
    assert "billing.payment_received.v1" in [event["type"] for event in about]
