"""What every operation has from the gateway, as OpenAPI says it: its problems, its headers, its key."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from gateway.http.routes import Endpoint

JsonObject = dict[str, Any]

# By status: when, and the code and sentence of an example.
PROBLEMS = {
    400: ("It is malformed.", "malformed_json", "The body is not JSON: Expecting value (line 1)."),
    401: ("No valid key or session.", "key_unknown", "This API key is not known here."),
    403: ("The key may not.", "scope_missing", "This needs the scope billing:write."),
    404: ("There is no such thing.", "route_unknown", "There is no such path; /docs lists those."),
    408: ("The body came too slowly.", "body_too_slow", "The body did not arrive within 10 s."),
    409: ("Not as things are now.", "invoice_state", "The invoice is void; it cannot be issued."),
    412: ("It has changed since.", "version_mismatch", "Changed since version 7; read it again."),
    413: ("Too large.", "body_too_large", "A body has at most 1048576 bytes."),
    414: ("The path is too long.", "path_too_long", "A path has at most 2048 bytes."),
    415: (
        "Not JSON.",
        "media_type_not_supported",
        "Send JSON with Content-Type: application/json.",
    ),
    416: (
        "The file ends before.",
        "range_not_satisfiable",
        "The file has 48213 bytes, 0 to 48212; ask for some of these.",
    ),
    422: ("A field is wrong.", "invalid_fields", "limit: Must be a whole number, 1 to 500."),
    429: ("Too many requests.", "rate_limited", "Too many requests with this key; wait 1 s."),
    431: ("The headers are too large.", "headers_too_large", "Send fewer or shorter headers."),
    500: ("A fault of ours.", "internal_error", "Something went wrong here; it was logged."),
    503: ("Something is away.", "service_unavailable", "The service billing is away; try again."),
    504: ("No answer in time.", "deadline_passed", "billing did not answer within 15 s."),
}
_HEADERS = {
    "Accept-Ranges": ("A range of the bytes may be asked for.", {"const": "bytes"}),
    "Content-Disposition": (
        "To be saved, and under which name (RFC 6266).",
        {"type": "string", "examples": ['attachment; filename="register-extract.pdf"']},
    ),
    "Content-Range": (
        "Which bytes these are, and of how many.",
        {"type": "string", "examples": ["bytes 0-1023/48213"]},
    ),
    "ETag": ("The version, to be sent as If-Match or If-None-Match.", {"type": "string"}),
    "Idempotent-Replayed": ("The answer is that of an earlier request.", {"const": "true"}),
    "Location": ("Where what was made is found.", {"type": "string"}),
    "RateLimit": (
        "What is left of the quota (r), and in how many seconds it is whole again (t).",
        {"type": "string", "examples": ['"key";r=599;t=1']},
    ),
    "RateLimit-Policy": (
        "The quota (q) and its window in seconds (w).",
        {"type": "string", "examples": ['"key";q=600;w=2']},
    ),
    "Retry-After": ("In how many seconds to come again.", {"type": "integer", "minimum": 0}),
    "WWW-Authenticate": ("How to say who calls.", {"type": "string"}),
    "X-Request-Id": ("Names this request in answers, logs and events.", {"type": "string"}),
}
_OF_FILE = ("ETag", "Accept-Ranges", "Content-Disposition")
_OF_KEY = ("X-Request-Id", "RateLimit", "RateLimit-Policy")
_OF_STATUS = {
    401: ("WWW-Authenticate",),
    416: ("Content-Range",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def components() -> JsonObject:
    """The headers and the problems that every operation refers to."""
    return {
        "headers": {
            name: {"description": text, "schema": schema}
            for name, (text, schema) in _HEADERS.items()
        },
        "responses": {f"Problem{status}": _problem(status) for status in PROBLEMS},
    }


def complete(
    operation: JsonObject, endpoint: Endpoint, schemas: Mapping[str, JsonObject]
) -> JsonObject:
    """The operation with the problems that can be its answer, its headers and its scope."""
    text = operation.get("description", "")
    answers = {
        status: _with_headers(answer, endpoint, schemas)
        for status, answer in operation["responses"].items()
    }
    if endpoint.is_streamed:
        answers["206"] = _as_range(answers["200"])
    if _has_tag(operation, endpoint, schemas):
        answers["304"] = {"description": "Still as the ETag says.", "headers": _headers("ETag")}
    problems = {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in statuses_of(endpoint)
    }
    return {
        **operation,
        "description": f"{text}\n\nScope: `{endpoint.scope or 'none'}`".strip(),
        "security": [{"ApiKey": []}] if endpoint.scope else [],
        "responses": {**answers, **problems},
    }


def parameters_of(
    operation: JsonObject, endpoint: Endpoint, schemas: Mapping[str, JsonObject]
) -> list[JsonObject]:
    """The headers that the gateway takes for every endpoint of a service."""
    names = ["IdempotencyKey"] if endpoint.is_command else []
    if endpoint.is_command and endpoint.parameters:
        names.append("IfMatch")
    if _has_tag(operation, endpoint, schemas):
        names.append("IfNoneMatch")
    if endpoint.is_streamed:
        names.append("Range")
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def statuses_of(endpoint: Endpoint) -> list[int]:
    """With which statuses it can refuse or fail."""
    never: set[int] = set()
    if not endpoint.is_command:
        never |= {408, 412, 413, 415}
        if not endpoint.is_document:
            never.add(409)
    if not endpoint.parameters:
        never |= {412, 414}
    if endpoint.handler is not None:
        never.add(504)
    if not endpoint.is_streamed:
        never.add(416)
    return [status for status in PROBLEMS if status not in never]


def _with_headers(
    answer: JsonObject, endpoint: Endpoint, schemas: Mapping[str, JsonObject]
) -> JsonObject:
    names = [*_OF_KEY]
    if endpoint.is_command:
        names.append("Idempotent-Replayed")
    if endpoint.status == 201:
        names.append("Location")
    if endpoint.is_streamed:
        names.extend(_OF_FILE)
    elif _version_in(answer, schemas):
        names.append("ETag")
    return {**answer, "headers": _headers(*names)}


def _as_range(answer: JsonObject) -> JsonObject:
    headers = {**answer["headers"], **_headers("Content-Range")}
    return {**answer, "description": "The range of it that was asked for.", "headers": headers}


def _has_tag(operation: JsonObject, endpoint: Endpoint, schemas: Mapping[str, JsonObject]) -> bool:
    """Whether it answers 304 to who knows the newest."""
    answers = operation["responses"].values()
    is_versioned = any(_version_in(answer, schemas) for answer in answers)
    return endpoint.is_streamed or (is_versioned and not endpoint.is_command)


def _version_in(answer: JsonObject, schemas: Mapping[str, JsonObject]) -> bool:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    named = schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
    parts = [named, *(schemas[one["$ref"].rpartition("/")[2]] for one in _references(named))]
    return any("version" in part.get("properties", {}) for part in parts)


def _references(schema: JsonObject) -> list[JsonObject]:
    return [one for one in schema.get("allOf", []) if "$ref" in one]


def _headers(*names: str) -> JsonObject:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(status: int) -> JsonObject:
    text, code, detail = PROBLEMS[status]
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": "req_5f0c1ab2de93",
    }
    return {
        "description": text,
        "headers": _headers(*_OF_KEY, *_OF_STATUS.get(status, ())),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example,
            }
        },
    }
