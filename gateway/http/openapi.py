"""The API's documentation: OpenAPI 3.1, merged from what the services say and the gateway's own part."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import orjson

from gateway.http.incoming import Request
from gateway.http.outgoing import JSON, Answer
from gateway.http.routes import Endpoint, own_endpoint
from gateway.rpc.contracts import Contracts, read_endpoints

OWN = Path(__file__).parent / "openapi.json"
CACHED = (b"cache-control", b"no-cache")


class OpenApi:
    """The whole document, put together anew only when a contract has changed."""

    def __init__(self, contracts: Contracts, *, is_clock_manual: bool) -> None:
        self._contracts = contracts
        self._own = json.loads(OWN.read_text("utf-8"))
        if not is_clock_manual:
            del self._own["paths"]["/v1/clock"]
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
            self._document = orjson.dumps(merge(self._own, documents, refused))
            self._tag = b'"%b"' % hashlib.sha256(self._document).hexdigest()[:32].encode()
            self._made_of = made_of
        headers = [JSON, CACHED, (b"etag", self._tag)]
        if request.headers.get(b"if-none-match") == self._tag:
            return Answer(304, headers[1:], b"")
        return Answer(200, headers, self._document)


def merge(
    own: dict[str, Any], documents: list[dict[str, Any]], refused: set[str]
) -> dict[str, Any]:
    """One document. Routes a service claims but does not own (`refused`) are left out."""
    paths: dict[str, Any] = {path: dict(verbs) for path, verbs in own["paths"].items()}
    schemas = dict(own["components"]["schemas"])
    tags = list(own["tags"])
    for document in documents:
        part = document["openapi"]
        schemas.update(part.get("components", {}).get("schemas", {}))
        tags += part.get("tags") or [{"name": document["service"]}]
        for endpoint in read_endpoints(document):
            operation = part["paths"].get(endpoint.path, {}).get(endpoint.verb.lower())
            if operation and f"{endpoint.verb} {endpoint.path}" not in refused:
                verbs = paths.setdefault(endpoint.path, {})
                verbs[endpoint.verb.lower()] = _complete(operation, endpoint)
    return {
        **own,
        "tags": tags,
        "paths": dict(sorted(paths.items())),
        "components": {**own["components"], "schemas": dict(sorted(schemas.items()))},
    }


def _complete(operation: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """The operation with what every endpoint has from the gateway."""
    text = operation.get("description", "")
    extra = ["IdempotencyKey"] if endpoint.is_command else ["IfNoneMatch"]
    if endpoint.is_command and endpoint.parameters:
        extra.append("IfMatch")
    errors = {"default": {"$ref": "#/components/responses/Problem"}}
    return {
        **operation,
        "description": f"{text}\n\nScope: `{endpoint.scope}`".strip(),
        "security": [{"ApiKey": []}],
        "parameters": [
            *operation.get("parameters", []),
            *({"$ref": f"#/components/parameters/{name}"} for name in extra),
        ],
        "responses": {**_with_document(operation["responses"], endpoint), **errors},
    }


def _with_document(responses: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    if not endpoint.is_document:
        return responses
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {status: {**one, "content": content} for status, one in responses.items()}
