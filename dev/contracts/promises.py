"""A contract as single promises, one for each operation, field and event, each at an address.

`POST /v1/payments body/instruction/#/amount` is what goes in, `POST /v1/payments answer/unapplied` what
comes out, `payment_received.v1 data/amount` what is announced; `#` stands for each one of a list.
Names of schemas are no promise: they never are on the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Facts = dict[str, Any]
Promises = dict[str, Facts]

OUTWARD = ("answer", "data")
BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")
GUARANTEED = ("format", "enum")
ASKED = (*GUARANTEED, *BOUNDS, "default")


def read_promises(folder: Path) -> Promises:
    """All promises of one service, from its folder of contracts/."""
    document = json.loads((folder / "openapi.json").read_text())
    promises: Promises = {}
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            promises |= _of_operation(document, f"{verb.upper()} {path}", operation)
    for file in sorted(folder.glob("events/*.json")):
        event = json.loads(file.read_text())
        promises |= {file.stem: {}, **_Reader(event, GUARANTEED).field(f"{file.stem} data", event)}
    return promises


def is_outward(at: str) -> bool:
    """Whether what stands at an address is sent by the service."""
    return at.rpartition(" ")[2].partition("/")[0] in OUTWARD


def above(at: str) -> str:
    """The address of what a promise is a part of."""
    whole, _, part = at.rpartition(" ")
    outer = part.rpartition("/")[0]
    return f"{whole} {outer}" if outer not in ("", "path", "query", "header") else whole


def _of_operation(
    document: Mapping[str, Any], route: str, operation: Mapping[str, Any]
) -> Promises:
    asked, guaranteed = _Reader(document, ASKED), _Reader(document, GUARANTEED)
    [(status, response)] = [each for each in operation["responses"].items() if each[0] != "default"]
    who = {name: operation.get(f"x-{name}") for name in ("scope", "reach")}
    promises: Promises = {route: {**who, "status": status}}
    for one in operation.get("parameters", ()):
        if "$ref" not in one:  # a header that every endpoint has
            at = f"{route} {one['in']}/{one['name']}"
            promises |= asked.field(at, one["schema"], is_there=one.get("required", False))
    if body := operation.get("requestBody"):
        [content] = body["content"].values()
        schema = content["schema"]
        promises |= asked.field(f"{route} body", schema, is_there=body.get("required", False))
    for content in response.get("content", {}).values():
        promises |= guaranteed.field(f"{route} answer", content["schema"])
    return promises


class _Reader:
    """Reads the schemas of one document: of each, the facts that count."""

    def __init__(self, document: Mapping[str, Any], facts: Sequence[str]) -> None:
        self._schemas = document["components"]["schemas"]
        self._facts = facts

    def field(self, at: str, schema: Mapping[str, Any], *, is_there: bool = True) -> Promises:
        """What stands at an address, and below it."""
        schema, types = self._resolve(schema)
        facts: Facts = {"type": "|".join(sorted(types)) or "anything"}
        facts |= {name: schema[name] for name in self._facts if schema.get(name) is not None}
        if "enum" in facts:
            facts["enum"] = sorted(value for value in facts["enum"] if value is not None)
        if is_there:
            facts["required"] = True
        promises = {at: facts}
        for inner_at, inner, is_needed in _parts(at, schema):
            promises |= self.field(inner_at, inner, is_there=is_needed)
        return promises

    def _resolve(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], set[str]]:
        """The schema that is meant, and its types."""
        more: set[str] = set()
        while "$ref" in schema or "anyOf" in schema:
            if "anyOf" in schema:  # the first says most; the others are other types of the same
                first, *others = schema["anyOf"]
                more = {one["type"] for one in others}
                schema = {name: said for name, said in schema.items() if name != "anyOf"} | first
            else:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        types = schema.get("type", ())
        return schema, {types} | more if isinstance(types, str) else {*types} | more


def _parts(at: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    needed = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}/{name}", inner, name in needed
    for name, key in (("items", "#"), ("additionalProperties", "*")):
        if schema.get(name):
            yield f"{at}/{key}", schema[name], True
