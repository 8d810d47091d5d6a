"""The commands of the Makefile do for one service what they do for all."""

from __future__ import annotations

import os
import subprocess

import pytest

from dev.state import PROJECT
from ops.instances import SERVICES


def planned(*arguments: str) -> str:
    """What make would do, also where these tests are themselves run by make."""
    command = ["make", "--dry-run", *arguments]
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.check_output(command, cwd=PROJECT, text=True, env=own)


@pytest.mark.parametrize("service", SERVICES)
def test_one_service_is_tested_and_checked_alone(service: str) -> None:
    for target in ("test", "lint"):
        plan = planned(target, f"S={service}")
        assert f"services/{service}" in plan
        assert not [other for other in SERVICES if other != service and other in plan]
    assert f"dev.walls {service}" in planned("lint", f"S={service}")


@pytest.mark.parametrize("target", ["test", "lint"])
def test_without_a_name_all_are(target: str) -> None:
    assert not [service for service in SERVICES if service in planned(target)]


def test_what_kills_servers_runs_after_all_else_and_with_nothing_beside_it() -> None:
    first, then = [line for line in planned("test").splitlines() if "pytest" in line]
    assert " tests " in first and "--ignore=tests/faults " in first and " -n " in first
    assert then.endswith("pytest tests/faults")


def test_only_the_quick_run_draws_fewer_examples_and_leaves_out_what_needs_a_server() -> None:
    half, other = [line for line in planned("test-fast").splitlines() if "pytest" in line]
    for run in (half, other):
        assert "not server" in run and "profile=quick" in run
    folders = half.rpartition("quick ")[2].split()
    assert folders and all(f"--ignore={folder}" in other for folder in folders)
    assert not [given for given in ("not server", "profile") if given in planned("test")]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_bears_the_version_of_its_service(service: str) -> None:
    version = (PROJECT / f"services/{service}/version.txt").read_text().strip()
    assert f"-t steward-{service}:{version} ." in planned("image", f"S={service}")


def test_a_history_is_played_into_a_running_system_only_if_that_is_named_with_the_command() -> None:
    assert "-m dev.replay x.csv" in planned("replay", "FILE=x.csv")
    assert "-m ops.replay crm x" in planned(
        "replay", "KIND=crm", "FILE=x", "API=http://x", "KEY=stw_x"
    )


def test_the_system_runs_with_the_clock_that_is_named_or_with_the_worlds() -> None:
    assert planned("run").endswith("-m dev.run \n")
    assert planned("run", "CLOCK=manual").endswith("-m dev.run --clock 'manual'\n")


@pytest.mark.parametrize(
    ("variables", "asked"),
    [
        ([], "-m dev.bench"),
        (["BASE=abc1234"], "-m dev.bench --base abc1234"),
        (["GROWTH=1", "BASE=abc1234"], "-m dev.bench --base abc1234 --growth"),
        (["ARGS=payments --rounds 5"], "-m dev.bench payments --rounds 5"),
    ],
)
def test_the_bench_measures_what_it_is_told(variables: list[str], asked: str) -> None:
    assert " ".join(planned("bench", *variables).split()).endswith(asked)


def test_every_command_is_listed_with_what_it_does() -> None:
    listed = subprocess.check_output(["make", "help"], cwd=PROJECT, text=True)
    for command in ("test", "lint", "contracts", "release-contracts", "new-service", "image"):
        assert f"make {command} " in listed
