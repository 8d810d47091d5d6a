"""The programs of docs/subscribing.md, run as they stand there, hear of a payment."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu import Connection

from dev.servers import Servers
from dev.state import PROJECT
from ops.subscribers import USUAL

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


def test_a_payment_reaches_a_program_from_outside(firm, program: Running) -> None:
    account = firm.open_account()
    firm.invoice(account, 12345)
    firm.pay(account, 12345)
    line = re.compile(rf"^evt_\S+ {account['account_id']} 12345$", re.M)
    wait_for(program, lambda: line.search(program.read()) is not None)
