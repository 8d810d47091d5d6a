"""`contracts/asyncapi.json` is valid AsyncAPI and says what really goes out."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest

from chassis.wire.envelopes import write_event
from dev.contracts import generate

# The schema of AsyncAPI 3.0.0, as the AsyncAPI Initiative released it (Apache-2.0, see beside it).
SCHEMA = Path(__file__).parent / "asyncapi" / "3.0.0.json.gz"
DOCUMENT = json.loads((generate.FOLDER / "asyncapi.json").read_text())
MESSAGES = {
    message["name"]: message
    for channel in DOCUMENT["channels"].values()
    for message in channel["messages"].values()
}


def payload_of(message: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """The payload's schema with the file of the event that it refers to."""
    schema = json.loads(json.dumps(message["payload"]["schema"]))
    reference = schema["properties"]["data"]["$ref"]
    event = json.loads((generate.FOLDER / reference).read_text())
    registry = jsonschema_rs.Registry([(f"urn:contracts:{reference}", event)])
    schema["properties"]["data"]["$ref"] = f"urn:contracts:{reference}"
    return jsonschema_rs.Draft202012Validator(schema, registry=registry, validate_formats=True)


def test_it_is_valid_asyncapi() -> None:
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    jsonschema_rs.Draft7Validator(schema).validate(DOCUMENT)


def test_it_has_every_event_and_says_where_it_is_served() -> None:
    files = {f"{path.parts[-3]}.{path.stem}" for path in generate.FOLDER.glob("*/events/*.json")}
    assert MESSAGES.keys() == files
    assert len(DOCUMENT["operations"]) == len(files)
    assert DOCUMENT["servers"]["broker"]["protocol"] == "amqp"


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_the_relay_is_as_promised(name: str) -> None:
    message = MESSAGES[name]
    [example] = message["examples"]
    payload_of(message).validate(example["payload"])
    service, event, version = name.split(".")
    row = SimpleNamespace(
        event_id="evt_01jd3v4q6ye8z9t5k2m7n0p1xw",
        name=event,
        event_version=int(version.removeprefix("v")),
        subject=example["payload"]["subject"],
        sequence=17,
        occurred_at=datetime(2026, 1, 31, 9, tzinfo=UTC),
        data=json.dumps(example["payload"]["data"]),
        sentence=example["payload"]["sentence"],
        request_id="",
        trace=None,
    )
    assert json.loads(write_event(row, service)) == example["payload"]
