"""A new service keeps to every rule and runs as soon as it is made; nothing of the others is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.new_service.__main__ import check_name
from dev.new_service.entries import enter_in_compose, enter_in_project
from dev.servers import Servers
from dev.state import PROJECT

COMMAND_SECONDS_MAX = 300
RUN_IT = """
import os
from dev import servers
from dev.system import System
from kernel.ids import new_id
from ops.client import Client

name = f"desk{os.getpid()}"
with System(servers=servers.make_instance(name), services=["desk"]) as system:
    client = Client(system.url, system.api_key)
    note = {"account_id": new_id("acc"), "text": "Call early."}
    print(client.post("/v1/desk-notes", note)["text"])
    print("/v1/desk-notes" in client.get("/openapi.json")["paths"])
servers.drop_instance(name)
"""


class Copy:
    """A copy of the project that has one service more."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        self._environment = {**os.environ, "STEWARD_STATE": str(state)}

    def run(self, *arguments: str) -> str:
        """Run Python in the copy; what it printed. AssertionError where it fails."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("project") / "steward"
    listed = subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, text=True
    )
    for name in listed.splitlines():
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, folder / name)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    copy = Copy(folder, servers.state.folder)
    copy.run("-m", "dev.new_service", "desk")
    yield copy
    shutil.rmtree(folder)


@pytest.mark.server
def test_a_new_service_keeps_to_the_walls_and_the_style(copy: Copy) -> None:
    assert "desk keeps to the rules" in copy.run("-m", "dev.walls", "desk")
    for check in (["check"], ["format", "--check"]):
        copy.run("-m", "ruff", *check, "services/desk", "tests/services/desk")


@pytest.mark.server
def test_a_new_service_has_contracts_and_is_tested_like_any_other(copy: Copy) -> None:
    for file in ("openapi.json", "events/note_taken.v1.json"):
        assert (copy.folder / "contracts/desk" / file).exists()
    everywhere = (
        "architecture/test_ways_in.py",
        "ops/test_compose.py",
        "services/test_migrations.py",
    )
    named = [f"tests/{name}" for name in (*everywhere, "services/desk")]
    copy.run("-m", "pytest", "-p", "no:cacheprovider", "-k", "desk or docker_compose", *named)


@pytest.mark.server
def test_a_new_service_answers_through_the_gateway(copy: Copy) -> None:
    assert copy.run("-c", RUN_IT).split() == ["Call", "early.", "True"]


@pytest.mark.parametrize(
    "name", ["", "d", "Desk", "help-desk", "desk2", "x" * 15, "gateway", "subscriber"]
)
def test_a_name_that_no_route_queue_or_database_may_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="2 to 14 of a-z"):
        check_name(name)


def test_a_service_that_is_there_is_not_made_anew() -> None:
    with pytest.raises(ValueError, match="services/sales is there already"):
        check_name("sales")


@pytest.mark.parametrize(
    ("file", "enter"),
    [("docker-compose.yml", enter_in_compose), ("pyproject.toml", enter_in_project)],
)
def test_entering_a_service_changes_no_line_of_the_others(file: str, enter: object) -> None:
    before = (PROJECT / file).read_text()
    after = enter(before, "desk")  # type: ignore[operator]
    added = [line for line in after.splitlines() if "desk" in line.lower()]
    assert added
    names_of_all = "steward[accounts,billing,collections,sales,"
    assert [line for line in before.splitlines() if line not in after.splitlines()] == [
        line for line in before.splitlines() if names_of_all in line
    ]
