"""Every example of the documentation is understood by the running system, and most succeed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.server

ID = re.compile(r"([a-z]{2,8})_01jd3v4q6ye8z9t5k2m7n0p1xw")
NOT_UNDERSTOOD = {"invalid_fields", "invalid_cursor", "malformed_json", "invalid_value"}


class World:
    """What there is to name in an example: of each kind, the thing that was answered last."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def remember(self, answer: Any) -> None:
        """Note every id in an answer."""
        for name, value in walk(answer):
            if name.endswith("_id") and isinstance(value, str) and "_" in value:
                self.ids[value.partition("_")[0]] = value

    def place(self, example: Any) -> Any:
        """The example with things that there are."""
        if isinstance(example, dict):
            return {name: self.place(value) for name, value in example.items()}
        if isinstance(example, list):
            return [self.place(value) for value in example]
        if isinstance(example, str):
            return ID.sub(lambda found: self.ids.get(found[1], found[0]), example)
        return example


def walk(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value, name)
    else:
        yield name, node


def in_order(operation: tuple[str, str, Any]) -> int:
    """What makes things first, what reads them next, what ends them last."""
    verb, _, said = operation
    return 0 if "201" in said["responses"] else {"GET": 1, "PATCH": 2, "PUT": 3}.get(verb, 4)


def test_every_documented_request_is_understood_and_most_succeed(firm, client) -> None:
    world = World()
    for thing in firm.things():
        world.remember(thing)
    codes = {}
    for verb, template, said in sorted(client.promise.operations(), key=in_order):
        if template == "/v1/clock":
            continue  # it would move everybody's calendar
        named = {
            one["name"]: world.place(one.get("example") or one["schema"]["examples"][0])
            for one in client.promise.parameters_of(said)
            if one["in"] == "path" or (one["in"] == "query" and one.get("required"))
        }
        path = re.sub(r"{(\w+)}", lambda found, named=named: str(named.pop(found[1])), template)
        content = said.get("requestBody", {}).get("content", {}).get("application/json")
        body = world.place(client.promise.example_of(content)) if content else None
        answer = client.send(verb, path, body, query=named)
        if answer.status == 201:
            world.remember(answer.data)
        codes[f"{verb} {template}"] = None if answer.is_success else answer.data["code"]
    assert {name: code for name, code in codes.items() if code in NOT_UNDERSTOOD} == {}
    refused = [name for name, code in codes.items() if code]
    assert len(refused) < len(codes) / 3, "\n".join(refused)
