"""One look at each service, alone in a folder with kernel, stationery, chassis: what a team deploys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dev.contracts.generate import NOWHERE

ROOT = Path(__file__).parents[2]

LOOK = """
import inspect, json, sys
from pathlib import Path
from marshmallow.fields import Constant
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from chassis.doors.introductions import introductions_of
from chassis.due import DueTime
from chassis.process.describe import announced_by, describe
from chassis.service import load

service = load("services." + sys.argv[1])
contracts = Path(sys.argv[2])
ways = {
    name: [type(e).__module__ + "." + type(e).__name__
           for e in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, [])]
    for name, method in inspect.getmembers(service, inspect.isfunction)
    if not name.startswith("_")
}
examples = {}
for event in announced_by(service):
    schema = event()
    again = json.loads(json.dumps(schema.dump(schema.load(event.example))))
    examples[event.name] = {
        "given": event.example,
        "again": again,
        "missing": sorted(set(schema.fields) - set(event.example)),
    }
needs = {}
for name, contract in service.contracts.items():
    for wanted in getattr(contract, "subscriptions", ()):
        if wanted.name == "#":
            continue
        file = contracts / wanted.source / "events" / f"{wanted.name}.v{wanted.event_version}.json"
        promised = json.loads(file.read_text())
        wanted().load(promised["examples"][0])
        schema = promised["components"]["schemas"][promised["$ref"].rpartition("/")[2]]
        fields = {
            f.data_key or n for n, f in wanted().fields.items() if not isinstance(f, Constant)
        }
        needs[f"{name} {wanted.name}"] = sorted(fields - set(schema["properties"]))
introductions = [*introductions_of(service).values()]
dues = sorted(one.name for one in DueTime.__subclasses__())
told = {"introductions": introductions, "ways": ways, "examples": examples, "needs": needs, "dues": dues}
print(json.dumps({"contract": describe(service), **told}))
"""


@pytest.fixture(scope="session")
def look_at(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """What a service, by name, says of itself when nothing else is there."""
    return cache(lambda service: _look(service, tmp_path_factory.mktemp(service)))


def _look(service: str, folder: Path) -> dict[str, Any]:
    for part in ("kernel", "stationery", "chassis", f"services/{service}"):
        shutil.copytree(ROOT / part, folder / part)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK, service, str(ROOT / "contracts")],
        cwd=folder,
        env={**os.environ, **NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
