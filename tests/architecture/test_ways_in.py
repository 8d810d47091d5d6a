"""No way in but the chassis' own, which are safe to repeat."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("accounts", "billing", "collections", "sales")
ENVIRONMENT = {
    **os.environ,
    "AMQP_URI": "amqp://nowhere",
    "DATABASE_URL": "postgresql://nowhere/none",
    "STEWARD_GATEWAY_PUBLIC_KEY": "none",
}

WALK = """
import inspect, json, sys
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from chassis.service import load
cls = load("services." + sys.argv[1])
print(json.dumps({
    name: [type(e).__module__ + "." + type(e).__name__
           for e in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, [])]
    for name, method in inspect.getmembers(cls, inspect.isfunction)
    if not name.startswith("_")
}))
"""


def run_python(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_every_public_method_is_one_chassis_entrypoint(service: str) -> None:
    ways = json.loads(run_python("-c", WALK, service, cwd=ROOT))
    assert ways
    for name, entrypoints in ways.items():
        assert entrypoints in (
            ["chassis.ways_in.RpcEntrypoint"],
            ["chassis.ways_in.EventEntrypoint"],
            ["chassis.service.DailyEntrypoint"],
        ), name


def test_a_public_method_without_a_contract_is_refused() -> None:
    program = """
from chassis.service import service
try:
    @service("x")
    class X:
        '''X.'''
        def open_door(self): "no contract"
except AssertionError as error:
    print(error)
"""
    assert "open_door has no chassis decorator" in run_python("-c", program, cwd=ROOT)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_needs_only_itself_the_chassis_and_the_kernel(
    service: str, tmp_path: Path
) -> None:
    """What a team deploys: copied to an empty folder it imports and describes itself."""
    for part in ("kernel", "chassis", f"services/{service}"):
        shutil.copytree(ROOT / part, tmp_path / part)
    contract = json.loads(
        run_python("-m", "chassis", "describe", f"services.{service}", cwd=tmp_path)
    )
    assert contract["service"] == service
    assert contract["endpoints"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_endpoint_is_documented_for_a_stranger(service: str) -> None:
    contract = json.loads(run_python("-m", "chassis", "describe", f"services.{service}", cwd=ROOT))
    for path, operations in contract["openapi"]["paths"].items():
        for operation in operations.values():
            assert len(operation["description"]) > 20, path
            assert operation["x-scope"], path
