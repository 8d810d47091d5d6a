"""A side runs the code of a folder, whichever it is, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dev.bench.side import Side, SideFailed

SERVERS = """
from pathlib import Path
from types import SimpleNamespace
def note(*words): print(*words, file=open("journal", "a"))
def make_instance(name):
    note("make", name)
    return SimpleNamespace(
        amqp_uri=lambda user: f"amqp://{user}",
        database_url=lambda owner: f"postgresql://{owner}",
        state=SimpleNamespace(mark="m"),
    )
def drop_instance(name): note("drop", name)
def clean(): note("clean")
"""
SYSTEM = """
from types import SimpleNamespace
from dev.servers import note
class System:
    url, api_key = "http://here", "stw_key"
    def __init__(self, *, servers, clock, environment): self.servers, self.clock = servers, clock
    def start(self):
        assert self.clock in ("manual", "system"), "no such clock"
        self.supervisor = SimpleNamespace(
            pid=len, start=lambda: note("start"), stop=lambda: note("halt"), wait_ready=list
        )
        note("start", self.clock)
    def stop(self): note("stop")
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder of other code, that writes down what it is told."""
    files = {
        "dev/servers.py": SERVERS,
        "dev/system.py": SYSTEM,
        "ops/instances.py": 'OWNERS = ("accounts", "gateway")',
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def journal(code: Path) -> list[str]:
    return (code / "journal").read_text().splitlines()


def test_the_systems_of_a_side_are_those_of_its_own_code(code: Path) -> None:
    with Side("base", code) as side:
        running = side.start("bench")
        side.restart("bench")
        side.stop("bench")
    assert (running.url, running.api_key, running.mark) == ("http://here", "stw_key", "-steward m")
    assert running.pids == {"accounts": 8, "gateway": 7}
    assert journal(code) == [
        *("make bench", "start system", "halt", "start", "stop", "drop bench", "clean")
    ]


def test_what_still_runs_is_stopped_in_the_end(code: Path) -> None:
    with Side("base", code) as side:
        side.start("bench", "manual")
    assert journal(code) == ["make bench", "start manual", "stop", "clean"]


def test_a_system_that_does_not_start_is_told_and_cleaned_up(code: Path) -> None:
    clock: Any = "cuckoo"
    with pytest.raises(SideFailed, match="base: the host has ended at: start bench cuckoo"):  # noqa: SIM117
        with Side("base", code) as side:
            side.start("bench", clock)
    assert journal(code)[-1] == "clean"


def test_a_command_runs_in_the_folder_of_the_code(code: Path) -> None:
    side = Side("base", code)
    told = side.call(
        "-c",
        "import json, os, ops.instances as i; print(json.dumps([i.OWNERS, os.environ['X']]))",
        X="1",
    )
    assert json.loads(told) == [["accounts", "gateway"], "1"]
    with pytest.raises(SideFailed, match=r"base: -c 1/0: (?s:.*)ZeroDivisionError"):
        side.call("-c", "1/0")
