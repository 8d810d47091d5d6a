"""`/openapi.json` is valid, whole and true of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from dev.contracts import generate
from tests.contracts.promised import Document, Promise, step


@pytest.fixture(scope="module")
def promise(document: Document) -> Promise:
    return Promise(document)


def contents(operation: Document) -> Iterator[tuple[str, Document]]:
    """Every place where a body is described, as a JSON pointer below the operation."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"requestBody/content/{step(media_type)}", content
    for status, answer in operation["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            yield f"responses/{status}/content/{step(media_type)}", content


def schemas(node: Any, pointer: str = "") -> Iterator[tuple[str, Document]]:
    """Every schema that has a default or an example, with its place."""
    if isinstance(node, dict):
        if {"default", "examples"} & node.keys():
            yield pointer, node
        for key, value in node.items():
            if key not in {"example", "examples", "default", "enum"}:
                yield from schemas(value, f"{pointer}/{step(key)}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from schemas(value, f"{pointer}/{index}")


def test_the_whole_document_is_valid_openapi(document: Document) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_each_services_part_is_valid_openapi() -> None:
    for path in generate.FOLDER.glob("*/openapi.json"):
        OpenAPIV31SpecValidator(json.loads(path.read_text())).validate()


def test_every_default_and_every_example_of_a_schema_fits_it(promise: Promise) -> None:
    found = list(schemas(promise.document))
    assert len(found) > 100
    for pointer, schema in found:
        values = [
            *schema.get("examples", []),
            *([schema["default"]] if "default" in schema else []),
        ]
        for value in values:
            promise.check_schema(pointer, value)


def test_every_operation_has_examples_of_what_is_sent_and_answered_that_fit(
    promise: Promise,
) -> None:
    for verb, path, operation in promise.operations():
        places = set()
        for place, content in contents(operation):
            example = promise.example_of(content)
            pointer = f"/paths/{step(path)}/{verb.lower()}/{place}/schema"
            promise.check_schema(pointer, example)
            places.add(place.partition("/content")[0])
        assert {"responses/200", "responses/201"} & places, path
        assert ("requestBody" in places) == ("requestBody" in operation), path


def test_what_is_sent_is_exact(promise: Promise) -> None:
    for verb, path, operation in promise.operations():
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            if media_type == "application/octet-stream":
                continue  # is sent as it is
            name = content["schema"]["$ref"].rpartition("/")[2]
            schema = promise.document["components"]["schemas"][name]
            assert schema["additionalProperties"] is False, (verb, path)
            for field, part in schema["properties"].items():
                if "string" in part.get("type", ()):
                    assert part.keys() & {"pattern", "enum", "format"}, (verb, path, field)


def test_every_operation_says_with_which_problems_it_may_answer(promise: Promise) -> None:
    for verb, path, operation in promise.operations():
        answers = operation["responses"].keys()
        assert {"400", "401", "403", "404", "422", "429", "500", "503"} <= answers, path
        assert "default" not in answers, path
        assert ("415" in answers) == (verb != "GET"), path
