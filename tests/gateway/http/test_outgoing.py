"""A reply of a service: its bytes are passed on as they are wherever nothing in them is needed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.http.outgoing import answer_reply
from gateway.http.routes import Endpoint
from gateway.problems import Problem
from gateway.rpc.calls import Reply
from gateway.rpc.contracts import read_endpoints

LIST = Endpoint("accounts", "list_things", "GET", "/v1/things", may_have_version=False)
THING = Endpoint("accounts", "get_thing", "GET", "/v1/things/{thing_id}")
REQUEST: Any = SimpleNamespace(headers={}, raw_path=b"/v1/things")


def answered(body: bytes, endpoint: Endpoint, **how: Any) -> Any:
    return answer_reply(Reply(body, **how), endpoint, REQUEST)


def test_a_list_goes_out_byte_by_byte_as_it_came() -> None:
    result = b'{"items":[{"version":3, "name":"x"}],"has_more":false}'
    answer = answered(b'{"result":' + result + b',"error":null}', LIST)
    assert (answer.status, answer.body) == (200, result)
    assert {name for name, _ in answer.headers} == {b"content-type", b"cache-control"}


def test_what_may_have_a_version_is_tagged_by_it() -> None:
    answer = answered(b'{"result":{"version":3},"error":null}', THING)
    assert (b"etag", b'"3"') in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        b'{"result":null,"error":{"problem":{"status":404,"code":"gone","detail":"Gone."}}}',
        b'{"error":{"problem":{"status":404,"code":"gone","detail":"Gone."}},"result":null}',
    ],
)
def test_a_refusal_is_never_taken_for_a_list(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        answered(body, LIST)
    assert (refused.value.status, refused.value.code) == (404, "gone")


def test_an_answer_in_another_form_is_read_and_written_anew() -> None:
    assert answered(b'{"error": null, "result": {"items": []}}', LIST).body == b'{"items":[]}'


def test_a_command_without_version_says_that_it_is_replayed() -> None:
    command = replace(LIST, verb="POST", is_command=True)
    answer = answered(b'{"result":{"results":[]},"error":null}', command, is_replayed=True)
    assert (b"idempotent-replayed", b"true") in answer.headers
    assert (b"cache-control", b"no-store") in answer.headers


SCHEMAS = {
    "Thing": {"properties": {"version": {}}},
    "More": {"allOf": [{"$ref": "#/components/schemas/Thing"}], "properties": {"name": {}}},
    "Page": {"properties": {"items": {"items": {"$ref": "#/components/schemas/Thing"}}}},
    "Any": {"type": "object"},
}


@pytest.mark.parametrize(
    ("schema", "may"), [("Thing", True), ("More", True), ("Page", False), ("Any", True)]
)
def test_the_documentation_says_what_may_have_a_version(schema: str, *, may: bool) -> None:
    answer = {
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    }
    told = {"method": "m", "verb": "GET", "path": "/v1/x", "is_command": False}
    document = {
        "service": "accounts",
        "endpoints": [told | {"scope": "x:read", "status": 200, "seconds_max": 5}],
        "openapi": {
            "paths": {"/v1/x": {"get": {"responses": {"200": answer}}}},
            "components": {"schemas": SCHEMAS},
        },
    }
    assert [one.may_have_version for one in read_endpoints(document)] == [may]
    undocumented = document | {"openapi": {}}
    assert [one.may_have_version for one in read_endpoints(undocumented)] == [True]
