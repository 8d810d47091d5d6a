"""The contract of a service as data: routes, schemas, scopes, daily jobs, events, subscriptions."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import orjson
from marshmallow import fields

from chassis.contract import Consumer, Daily, Due, Endpoint, Introduction
from chassis.doors.introductions import copies_of, introductions_of
from chassis.events import Event
from chassis.process.json_schemas import JsonSchemas, example_of
from chassis.wire.sentences import say
from kernel.rpc import STREAM_START


def describe(service: Any) -> dict[str, Any]:
    """What the gateway routes and documents. `hash` changes when anything of it does."""
    contracts = service.contracts
    contract = {
        "service": service.name,
        "version": service.version,
        "endpoints": [
            _endpoint(name, endpoint)
            for name, endpoint in contracts.items()
            if isinstance(endpoint, Endpoint)
        ],
        "openapi": _openapi(service),
        "daily": [
            {"name": name, "at": job.at.strftime("%H:%M")}
            for name, job in contracts.items()
            if isinstance(job, Daily)
        ],
        "due_times": [
            {"name": one.due.name, "handler": name}
            for name, one in contracts.items()
            if isinstance(one, Due)
        ],
        "subscriptions": [
            {"handler": name, "source": one.source, "event": one.name}
            for name, consumer in consumers_of(service).items()
            for one in consumer.subscriptions
        ],
        "introductions": sorted(introductions_of(service)),
        "copies": [{"source": of, "event": name} for of, name in copies_of(service)],
        "events": sorted(event.name for event in announced_by(service) if not event.key),
        "events_public_only": sorted(
            event.name for event in announced_by(service) if event.is_public_only
        ),
    }
    digest = hashlib.sha256(orjson.dumps(contract, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {**contract, "hash": digest}


def consumers_of(service: Any) -> dict[str, Consumer]:
    """What the service listens to, by handler."""
    return {name: c for name, c in service.contracts.items() if isinstance(c, Consumer)}


def announced_by(service: Any) -> list[type[Event]]:
    """The events that a service announces: those of its `events`, and of its subjects', that have an
    example; and by which it introduces."""
    announced = {
        member.__name__: member
        for module in _events_of(service)
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Event) and hasattr(member, "example")
    }
    told = [one.event for one in service.contracts.values() if isinstance(one, Introduction)]
    return [announced[name] for name in sorted(announced)] + sorted(told, key=lambda one: one.name)


def _events_of(service: Any) -> Iterator[ModuleType]:
    """The module `events` beside the service, and those of the subjects in its folder."""
    own = importlib.import_module(service.__module__.rpartition(".")[0])
    subjects = [one.name for one in pkgutil.iter_modules(own.__path__) if one.ispkg]
    for package in (own.__name__, *(f"{own.__name__}.{subject}" for subject in subjects)):
        if importlib.util.find_spec(f"{package}.events"):
            yield importlib.import_module(f"{package}.events")


def _endpoint(name: str, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "method": name,
        "verb": endpoint.verb,
        "path": endpoint.path,
        "is_command": endpoint.is_command,
        "scope": endpoint.scope,
        "status": endpoint.status,
        "seconds_max": endpoint.seconds_max,
        "is_document": endpoint.media_type is not None or bool(endpoint.streams),
        "is_streamed": bool(endpoint.streams),
        "raw_field": endpoint.raw_field,
        "reach": endpoint.reach,
        "is_costly": endpoint.is_costly,
    }


def _openapi(service: Any) -> dict[str, Any]:
    endpoints = {
        name: endpoint
        for name, endpoint in service.contracts.items()
        if isinstance(endpoint, Endpoint)
    }
    schemas = JsonSchemas(service.name)
    answers = {name: _answer(schemas, endpoint) for name, endpoint in endpoints.items()}
    paths: dict[str, Any] = {}
    for name, endpoint in endpoints.items():
        operation = _operation(schemas, service, name, endpoint)
        operation["responses"] = {str(endpoint.status): answers[name]}
        paths.setdefault(endpoint.path, {})[endpoint.verb.lower()] = operation
    components = dict(sorted(schemas.components.items()))
    for content in _contents(paths):
        content.setdefault("example", example_of(content["schema"], components))
    return {"paths": paths, "components": {"schemas": components}}


def _contents(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in paths.values():
        for operation in operations.values():
            for one in (operation.get("requestBody", {}), *operation["responses"].values()):
                yield from one.get("content", {}).values()


def _operation(schemas: JsonSchemas, service: Any, name: str, endpoint: Endpoint) -> dict[str, Any]:
    text = inspect.getdoc(service.methods[name]) or ""
    taken = {fld.data_key or key: fld for key, fld in endpoint.accepts().fields.items()}
    in_path = endpoint.path_parameters
    hidden = {*in_path, *([STREAM_START] if endpoint.streams else [])}
    in_query = [] if endpoint.is_command else [key for key in taken if key not in hidden]
    return {
        "operationId": f"{service.name}.{name}",
        "summary": text.split("\n\n")[0].split(". ")[0].replace("\n", " ").rstrip("."),
        "description": text,
        "tags": [service.name],
        "x-scope": endpoint.scope,
        "x-reach": endpoint.reach,
        "parameters": [
            *(_parameter(schemas, key, taken[key], where="path") for key in in_path),
            *(_parameter(schemas, key, taken[key], where="query") for key in in_query),
        ],
        **(_body(schemas, endpoint) if endpoint.is_command else {}),
    }


def _body(schemas: JsonSchemas, endpoint: Endpoint) -> dict[str, Any]:
    in_path = endpoint.path_parameters
    rest = [fld for key, fld in endpoint.accepts().fields.items() if key not in in_path]
    if not rest:
        return {}
    if endpoint.raw_field is not None:
        field = endpoint.accepts().fields[endpoint.raw_field]
        raw = {"schema": schemas.of_field(field, is_sent=True), "example": "%PDF-1.7 …"}
        return {"requestBody": {"required": True, "content": {"application/octet-stream": raw}}}
    schema = schemas.sent(endpoint.accepts, without=in_path)
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": any(fld.required for fld in rest), "content": content}}


def _answer(schemas: JsonSchemas, endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.streams:
        piece = {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7 …"}
        return {"description": "The file.", "content": dict.fromkeys(endpoint.streams, piece)}
    if endpoint.media_type is not None:
        is_text = endpoint.media_type.startswith("text/")
        schema = {"type": "string"} if is_text else {"type": "string", "format": "binary"}
        example = "Dear Ada Ross, …" if is_text else "%PDF-1.7 …"
        content = {endpoint.media_type: {"schema": schema, "example": example}}
        return {"description": "The document.", "content": content}
    if endpoint.returns is None:
        content = {"application/json": {"schema": {"type": "null"}}}
        return {"description": "Done; there is nothing to say.", "content": content}
    schema = schemas.given(endpoint.returns)
    text = inspect.getdoc(endpoint.returns) or "The answer."
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _parameter(schemas: JsonSchemas, key: str, fld: fields.Field, *, where: str) -> dict[str, Any]:
    # What is not there is left out: there is no null in a path or a query.
    schema = schemas.of_field(fld, is_sent=True, may_be_null=False)
    description = schema.pop("description", None)
    example = example_of(schema, schemas.components, key)
    schema.pop("examples", None)
    return {
        "name": key,
        "in": where,
        "required": where == "path" or fld.required,
        "schema": schema,
        "example": example,
        **({"description": description} if description else {}),
    }


def describe_events(service: Any) -> dict[str, Any]:
    """What the service announces, by name and version: JSON schema (2020-12), text, example, and what of
    it is the subject and the sentence."""
    return {
        f"{event.name}.v{event.event_version}": _event(service.name, event)
        for event in announced_by(service)
    }


def _event(service: str, event: type[Event]) -> dict[str, Any]:
    schemas = JsonSchemas(service)
    reference = schemas.given(event)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{service}.{event.name}.v{event.event_version}",
        "description": inspect.getdoc(event),
        **reference,
        "components": {"schemas": dict(sorted(schemas.components.items()))},
        "examples": [event.example],
        "x-about": event.about,
        "x-sentence": say(event, event.example),
        **({"x-key": [*event.key]} if event.key else {}),
    }
