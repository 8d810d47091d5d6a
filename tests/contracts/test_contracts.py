"""What is promised is what the code does, and what listeners need is promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev import contracts
from dev.instances import SERVICES

ROOT = Path(__file__).parents[2]

EXAMPLES = """
import json, sys
from chassis.describe import announced_by
from chassis.service import load
service = load("services." + sys.argv[1])
for event in announced_by(service):
    schema = event()
    loaded = schema.load(event.example)
    again = json.loads(json.dumps(schema.dump(loaded)))
    assert again == event.example, (event.__name__, again)
    missing = set(schema.fields) - set(event.example)
    assert not missing, f"{event.__name__}: the example lacks {missing}"
print("ok")
"""

LISTEN = """
import json, sys
from pathlib import Path
from chassis.contract import Consumer
from chassis.service import load
service = load("services." + sys.argv[1])
for name, contract in service.contracts.items():
    if not isinstance(contract, Consumer) or contract.subscription.name == "#":
        continue
    subscription = contract.subscription
    file = (Path("contracts") / subscription.source / "events"
            / f"{subscription.name}.v{subscription.event_version}.json")
    assert file.exists(), f"{name} listens to {file.stem}, which {subscription.source} never announces"
    promised = json.loads(file.read_text())
    subscription().load(promised["examples"][0])
    fields = promised["components"]["schemas"][promised["$ref"].rpartition("/")[2]]["properties"]
    unknown = {f.data_key or n for n, f in subscription().fields.items()} - set(fields)
    assert not unknown, f"{name} needs {unknown} of {file.stem}"
print("ok")
"""


def run(program: str, service: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, service],
        cwd=ROOT,
        env={**os.environ, **contracts.NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "ok", done.stderr[-2000:]


def test_contracts_are_what_the_code_says() -> None:
    assert contracts.find_differences() == [], "run `make contracts` and look at what changed"


@pytest.mark.parametrize("service", SERVICES)
def test_every_example_survives_its_own_schema(service: str) -> None:
    run(EXAMPLES, service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_listener_can_read_what_is_announced(service: str) -> None:
    run(LISTEN, service)


def test_every_event_file_is_complete_in_itself() -> None:
    for path in (ROOT / "contracts").glob("*/events/*.json"):
        event = json.loads(path.read_text())
        assert event["description"], path
        assert event["examples"], path
