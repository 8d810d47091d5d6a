"""Missing programs are installed where that is possible, and asked for where it is not."""

import os
from pathlib import Path

import pytest

from dev import binaries
from dev.state import State


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that notes what it is told, and whether services were held back meanwhile."""
    program = tmp_path / "apt-get"
    notes = tmp_path / "notes"
    policy = tmp_path / "policy-rc.d"
    program.write_text(f'#!/bin/sh\necho "$@" $(test -x {policy} && echo held) >> {notes}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(binaries, "_POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return notes


def test_root_gets_the_package_with_its_service_held_back(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter([None, Path("/found")])
    monkeypatch.setattr(binaries, "find_postgres", lambda: next(found))
    assert binaries.require_postgres(State(tmp_path / "state")) == Path("/found")
    assert apt.read_text().splitlines() == [
        "update held",
        "install -y --no-install-recommends postgresql held",
    ]
    assert not (tmp_path / "policy-rc.d").exists()


def test_anybody_else_is_told_what_to_install(
    apt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(binaries, "find_rabbitmq", lambda: None)
    with pytest.raises(binaries.ServersMissing, match="apt-get install rabbitmq-server postgresql"):
        binaries.require_rabbitmq(State(tmp_path / "state"))
    assert not apt.exists()
