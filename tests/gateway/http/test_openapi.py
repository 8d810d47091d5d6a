"""The documentation: one document of what is really served, shown without the internet."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.gateway.fake_service import FakeService
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    read: dict[str, Any] = client.get("/openapi.json").json()
    return read


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, verb, operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    ]


def test_it_has_every_endpoint_of_every_service_and_the_gateways_own(
    document: dict[str, Any], things: FakeService
) -> None:
    assert document["openapi"] == "3.1.0"
    for one in things.endpoints:
        assert one["verb"].lower() in document["paths"][one["path"]]
    assert {"get", "post"} <= document["paths"]["/v1/api-keys"].keys()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        if isinstance(node, list):
            return [found for value in node for found in references(value)]
        return []

    found = references(document)
    assert found
    for reference in found:
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_every_operation_names_its_scope_its_errors_and_its_parameters(
    document: dict[str, Any],
) -> None:
    ids = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(ids) == len(set(ids))
    for path, verb, operation in _operations(document):
        assert "Scope: `" in operation["description"], path
        assert {"400", "401", "403", "500", "503"} <= operation["responses"].keys(), path
        names = {one.get("$ref", "").rpartition("/")[2] for one in operation["parameters"]}
        is_of_service = not operation["operationId"].startswith("gateway.")
        assert ("IdempotencyKey" in names) == (verb != "get") or not is_of_service
        assert {"200", "201"} & operation["responses"].keys()


def test_what_the_gateway_serves_of_its_own_is_what_it_documents(
    document: dict[str, Any], client: httpx.Client
) -> None:
    own = [
        (path, verb)
        for path, verb, operation in _operations(document)
        if operation["operationId"].startswith("gateway.")
    ]
    assert len(own) == 24
    for path, verb in own:
        answer = client.request(verb, re.sub(r"{\w+}", "x_y", path), json={})
        assert answer.json().get("code") not in {"route_unknown", "method_not_allowed"}


def test_it_is_not_sent_again_unchanged(client: httpx.Client) -> None:
    tag = client.get("/openapi.json").headers["ETag"]
    assert client.get("/openapi.json", headers={"If-None-Match": tag}).status_code == 304


def test_the_pages_ask_nothing_of_the_internet(gateway: RunningGateway) -> None:
    with gateway.client(None) as client:
        start = client.get("/")
        assert (start.status_code, start.headers["Location"]) == (307, "/docs")
        page = client.get("/docs")
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "//" not in page.text.replace("<!doctype html>", "")
        named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(named) == 4
        for path in named:
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert len(answer.content) > 100


def test_it_needs_no_key_but_what_it_describes_does(gateway: RunningGateway) -> None:
    with gateway.client(None) as client:
        assert client.get("/openapi.json").status_code == 200
        assert client.get("/v1/things").status_code == 401
