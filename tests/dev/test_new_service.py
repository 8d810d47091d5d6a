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
from tests.migrated import make_migrated

COMMAND_SECONDS_MAX = 300
BIRTH = """
import sys, threading
from sqlalchemy import create_engine, text
from dev import servers as development_servers
from dev.system import System
from ops.client import Client

COUNT = 2_500
MANY = text(
    "INSERT INTO account SELECT (jsonb_populate_record(NULL::account, to_jsonb(a) || jsonb_build_object("
    "'account_id', 'acc_0' || lpad(n::text, 25, '0'), 'number', 'B-' || n))).* "
    "FROM account a, generate_series(2, :count) AS n"
)

def engine_of(service):
    return create_engine(servers.database_url(service).replace("://", "+psycopg2://", 1))

def count(engine, sql):
    with engine.connect() as connection:
        return connection.execute(text(sql)).scalar_one()

class Known(System):
    def migrate(self):
        pass

class Newcomer(System):
    def migrate(self):
        self._migrate("desk")

servers = development_servers.ensure(sys.argv[1])
with Known(servers=servers, services=["accounts"]) as system:
    client = Client(system.url, system.api_key)
    person = {"name": "Ada Ross", "email": "ada@example.com", "role": "account_manager"}
    owner_id = client.post("/v1/staff", person)["staff_id"]
    opened = client.post("/v1/accounts", {
        "name": "First", "country": "DE", "currency": "EUR", "language": "de", "net_days": 30,
        "time_zone": "UTC", "credit_limit": None, "owner_id": owner_id, "email": "a@first.example",
    })
    accounts = engine_of("accounts")
    with accounts.begin() as connection:
        connection.execute(MANY, {"count": COUNT})

with Newcomer(servers=servers, services=["accounts", "desk"]) as system:
    client = Client(system.url, system.api_key)
    introduce = [sys.executable, "-m", "chassis", "introduce", "accounts", "--to", "desk"]
    told = []
    birth = threading.Thread(target=lambda: told.append(system.run_command("accounts", introduce)))
    birth.start()
    desk = engine_of("desk")
    known = "SELECT count(*) FROM account"
    while birth.is_alive():
        if count(desk, known) > 0:
            break
    print(birth.is_alive() and count(desk, known) < COUNT)
    for process in ("accounts", "desk", "accounts"):
        system.kill(process)
        client.patch(f"/v1/accounts/{opened['account_id']}", {"name": f"Known to {process}"})
    birth.join()
    print("accounts.account_introduced: " in told[0])
    copies = {}
    for _ in range(60):
        copies = {one["event"]: one for one in client.post("/v1/copies/reconcile", {})["items"]}
        if not copies["account_introduced"]["different"]:
            break
    print(copies["account_introduced"]["count"], copies["account_introduced"]["different"])
    print(count(desk, known))
    last = f"acc_0{COUNT:025d}"
    print(client.post("/v1/desk-notes", {"account_id": last, "text": "Early."})["text"])
    print("/v1/desk-notes" in client.get("/openapi.json")["paths"])
accounts.dispose()
desk.dispose()
development_servers.drop_instance(servers.instance)
"""


class Copy:
    """A copy of the project that has one service more."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        own = {name: value for name, value in os.environ.items() if "XDIST" not in name}
        self._environment = {**own, "STEWARD_STATE": str(state)}

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
def test_a_new_service_learns_what_was_before_it_and_answers_through_the_gateway(
    copy: Copy,
) -> None:
    """Five pages of accounts, while both processes are killed and the accounts go on changing."""
    servers = make_migrated(f"desk{os.getpid()}")
    printed = copy.run("-c", BIRTH, servers.instance).split()
    assert printed == ["True", "True", "2500", "0", "2500", "Early.", "True"]


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
