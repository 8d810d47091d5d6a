"""The API's documentation: OpenAPI 3.1, merged from what the services say and the gateway's own part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from gateway.http.completion import complete, components, parameters_of
from gateway.http.incoming import Request
from gateway.http.outgoing import JSON, Answer
from gateway.http.routes import Endpoint, own_endpoint
from gateway.rpc.contracts import Contracts, read_endpoints

OWN = Path(__file__).parent / "openapi.json"
CACHED = (b"cache-control", b"no-cache")


class OpenApi:
    """The whole document, put together anew only when a contract has changed."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._made_of: Any = None
        self._document = b""
        self._tag = b""

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        return [own_endpoint("GET", "/openapi.json", self.get)]

    async def get(self, request: Request) -> Answer:
        """The document, with an ETag."""
        made_of = (self._contracts.hashes, len(self._contracts.conflicts))
        if self._made_of != made_of:
            documents = [self._contracts.documents[name] for name, _ in self._contracts.hashes]
            refused = {one["route"] for one in self._contracts.conflicts}
            self._document = orjson.dumps(merge(self._contracts.own, documents, refused))
            self._tag = b'"%b"' % hashlib.sha256(self._document).hexdigest()[:32].encode()
            self._made_of = made_of
        headers = [JSON, CACHED, (b"etag", self._tag)]
        if request.headers.get(b"if-none-match") == self._tag:
            return Answer(304, headers[1:], b"")
        return Answer(200, headers, self._document)


def merge(
    own_endpoints: Iterable[Endpoint],
    documents: list[dict[str, Any]],
    refused: set[str],
) -> dict[str, Any]:
    """One document of the gateway's own endpoints and those of the services that described themselves.
    Routes a service claims but does not own (`refused`) are left out."""
    own = json.loads(OWN.read_text("utf-8"))
    schemas = dict(own["components"]["schemas"])
    tags = list(own["tags"])
    for document in documents:
        schemas.update(document["openapi"].get("components", {}).get("schemas", {}))
        tags.append({"name": document["service"]})
    paths: dict[str, Any] = {}
    for endpoint in own_endpoints:
        operation = own["paths"].get(endpoint.path, {}).get(endpoint.verb.lower())
        if operation:
            verbs = paths.setdefault(endpoint.path, {})
            verbs[endpoint.verb.lower()] = complete(operation, endpoint, schemas)
    for endpoint, operation in _operations(documents, refused):
        parameters = [*operation["parameters"], *parameters_of(operation, endpoint, schemas)]
        whole = {**operation, "parameters": parameters}
        verbs = paths.setdefault(endpoint.path, {})
        verbs[endpoint.verb.lower()] = complete(whole, endpoint, schemas)
    return {
        **own,
        "tags": tags,
        "paths": dict(sorted(paths.items())),
        "components": {
            **own["components"],
            **components(),
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _operations(
    documents: list[dict[str, Any]], refused: set[str]
) -> Iterator[tuple[Endpoint, dict[str, Any]]]:
    for document in documents:
        for endpoint in read_endpoints(document):
            verbs = document["openapi"]["paths"].get(endpoint.path, {})
            operation = verbs.get(endpoint.verb.lower())
            if operation and f"{endpoint.verb} {endpoint.path}" not in refused:
                yield endpoint, operation
