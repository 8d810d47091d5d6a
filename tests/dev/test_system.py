"""An instance of the system runs once, and says why when it cannot run."""

import sys
from pathlib import Path

import pytest

from dev import programs
from dev.child import Program
from dev.servers import Servers
from dev.state import State
from dev.system import CommandError, System
from ops.instances import check_name


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Servers:
    """Servers that nobody calls: the programs of the system are stand-ins."""
    monkeypatch.setattr(Servers, "amqp_uri", lambda _self, user: f"amqp://{user}")
    monkeypatch.setattr(Servers, "database_url", lambda _self, name: f"postgresql://{name}")
    sleeping = Program("gateway", (sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(programs, "list_programs", lambda _plan: [sleeping])
    _answer(monkeypatch, "print('a warning'); print('the-key')")
    return Servers(check_name("trial"), State(tmp_path))


def test_the_key_of_the_administrator_is_made_once(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with System(servers=servers) as system:
        assert system.api_key == "the-key"
    _answer(monkeypatch, "print('another')")
    with System(servers=servers) as system:
        assert system.api_key == "the-key"


def test_a_second_system_on_the_same_instance_is_refused(servers: Servers) -> None:
    with System(servers=servers), pytest.raises(CommandError, match="'trial' runs already"):
        System(servers=servers).start()
    with System(servers=servers):
        pass  # free again


def test_a_migration_that_fails_is_told_and_nothing_runs(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, "raise SystemExit('no such column')")
    system = System(servers=servers)
    with pytest.raises(CommandError, match="no such column"):
        system.start()
    assert system.supervisor.pid("gateway") is None


def _answer(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let every command that prepares the system run this code instead."""
    command = [sys.executable, "-c", code]
    monkeypatch.setattr(programs, "list_migration", lambda _owner: command)
    monkeypatch.setattr(programs, "list_key_creation", lambda _name: command)
