"""`make run`: which clock it has, and what it tells whom it serves."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from dev import run
from dev import servers as development_servers
from dev.state import PROJECT
from ops.subscribers import SETTING

NAME = f"run{os.getpid()}"


@pytest.mark.parametrize("clock", ["fast", "Manual", ""])
def test_a_clock_that_there_is_not_is_refused_with_a_sentence(
    clock: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run.main(["--clock", clock])
    assert "CLOCK is system (the world's) or manual" in capsys.readouterr().err


def test_subscribers_that_cannot_be_read_are_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SETTING, "crm")
    monkeypatch.setattr("dev.servers._start", lambda _: pytest.fail("no server is needed to tell"))
    assert run.main(["--instance", "never"]) == 1
    assert "'crm' will not do" in capsys.readouterr().err


def ask(command: str) -> Any:
    """What the gateway answers to a command for curl, which may not be on this machine."""
    reading = argparse.ArgumentParser()
    reading.add_argument("-H", action="append")
    reading.add_argument("-X", default="GET")
    reading.add_argument("-d")
    reading.add_argument("url")
    asked = reading.parse_args(shlex.split(command)[1:])
    headers = dict(header.split(": ", 1) for header in asked.H)
    answer = httpx.request(asked.X, asked.url, headers=headers, content=asked.d, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def printed() -> Iterator[str]:
    """What `make run CLOCK=manual` prints when it serves; ended by Ctrl-C."""
    command = [sys.executable, "-m", "dev.run", "--clock", "manual", "--instance", NAME]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    yield "".join(lines)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    process.stdout.close()
    development_servers.drop_instance(NAME)


@pytest.mark.server
def test_an_integrator_is_told_how_to_move_the_clock_and_where_to_listen(printed: str) -> None:
    commands = dict(re.findall(r"^  (read|move) it +(curl .*)$", printed, re.MULTILINE))
    assert ask(commands["read"]) == {"now": None}
    assert ask(commands["move"])["moments"] > 0
    assert ask(commands["read"])["now"] == "2026-01-31T09:00:00+00:00"
    assert re.search(r"^  events +amqp://steward_subscriber:\w+@127\.0\.0\.1", printed, re.M)
