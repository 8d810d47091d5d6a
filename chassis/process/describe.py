"""The contract of a service as data: routes, schemas, scopes, daily jobs, events, subscriptions."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from typing import Any

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields, validate

from chassis.contract import Consumer, Daily, Endpoint
from chassis.events import Event
from chassis.fields import Quantity
from chassis.process.clashes import SchemaNames


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
        "subscriptions": [
            {"handler": name, "source": c.subscription.source, "event": c.subscription.name}
            for name, c in contracts.items()
            if isinstance(c, Consumer)
        ],
        "events": sorted(event.name for event in announced_by(service)),
    }
    digest = hashlib.sha256(orjson.dumps(contract, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {**contract, "hash": digest}


def announced_by(service: Any) -> list[type[Event]]:
    """The events that a service announces: those of its `events` module that have an example."""
    module = importlib.import_module(service.__module__.rpartition(".")[0] + ".events")
    return [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Event) and hasattr(member, "example")
    ]


def _endpoint(name: str, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "method": name,
        "verb": endpoint.verb,
        "path": endpoint.path,
        "is_command": endpoint.is_command,
        "scope": endpoint.scope,
        "status": endpoint.status,
        "seconds_max": endpoint.seconds_max,
        "is_document": endpoint.returns is None and not endpoint.is_command,
    }


def _openapi(service: Any) -> dict[str, Any]:
    spec, converter = new_spec(service.name)
    paths: dict[str, Any] = {}
    for name, endpoint in service.contracts.items():
        if isinstance(endpoint, Endpoint):
            operation = _operation(converter, service, name, endpoint)
            paths.setdefault(endpoint.path, {})[endpoint.verb.lower()] = operation
    return {"paths": paths, "components": {"schemas": spec.to_dict()["components"]["schemas"]}}


def new_spec(service: str) -> tuple[APISpec, Any]:
    """A specification whose schemas are named after the service, and what turns schemas into it."""
    plugin = MarshmallowPlugin(schema_name_resolver=SchemaNames(service))
    spec = APISpec("", "", openapi_version="3.1.0", plugins=[plugin])
    converter = plugin.converter
    assert converter is not None, "the plugin is set up by APISpec"
    converter.field_mapping[Quantity] = ("string", "decimal")
    converter.add_attribute_function(_pattern)
    return spec, converter


def _pattern(_: Any, fld: fields.Field, **__: Any) -> dict[str, str]:
    """A pattern as JSON Schema knows it: anchored where Python's match is, and not with a \\Z."""
    patterns = [
        str(one.regex.pattern) for one in fld.validators if isinstance(one, validate.Regexp)
    ]
    return {"pattern": "^" + patterns[0].removeprefix("^").replace("\\Z", "$")} if patterns else {}


def _operation(converter: Any, service: Any, name: str, endpoint: Endpoint) -> dict[str, Any]:
    method = service.methods[name]
    text = inspect.getdoc(method) or ""
    path_parameters = endpoint.path_parameters
    schema = endpoint.accepts()
    operation: dict[str, Any] = {
        "operationId": f"{service.name}.{name}",
        "summary": text.split("\n\n")[0].split(". ")[0].replace("\n", " ").rstrip("."),
        "description": text,
        "tags": [service.name],
        "x-scope": endpoint.scope,
        "parameters": [
            _parameter(converter, key, schema.fields[key], where="path") for key in path_parameters
        ],
        "responses": {str(endpoint.status): _response(converter, endpoint)},
    }
    rest = {key: fld for key, fld in schema.fields.items() if key not in path_parameters}
    if not endpoint.is_command:
        operation["parameters"] += [
            _parameter(converter, key, fld, where="query") for key, fld in rest.items()
        ]
    elif rest:
        operation["requestBody"] = {
            "required": any(fld.required for fld in rest.values()),
            "content": {
                "application/json": {"schema": _body(converter, endpoint, path_parameters)}
            },
        }
    return operation


def _body(converter: Any, endpoint: Endpoint, path_parameters: list[str]) -> Any:
    exclude = tuple(key for key in path_parameters if key in endpoint.accepts().fields)
    return converter.resolve_nested_schema(
        endpoint.accepts(exclude=exclude) if exclude else endpoint.accepts
    )


def _response(converter: Any, endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.returns is None:
        return {"description": "The document." if not endpoint.is_command else "Done."}
    schema = converter.resolve_nested_schema(endpoint.returns)
    text = inspect.getdoc(endpoint.returns) or "The answer."
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _parameter(converter: Any, key: str, fld: fields.Field, *, where: str) -> dict[str, Any]:
    schema = dict(converter.field2property(fld))
    description = schema.pop("description", None)
    return {
        "name": key,
        "in": where,
        "required": where == "path" or fld.required,
        "schema": schema,
        **({"description": description} if description else {}),
    }


def describe_events(service: Any) -> dict[str, Any]:
    """What the service announces, by name and version: JSON schema (2020-12), text and example."""
    return {
        f"{event.name}.v{event.event_version}": _event(service.name, event)
        for event in announced_by(service)
    }


def _event(service: str, event: type[Event]) -> dict[str, Any]:
    spec, converter = new_spec(service)
    converter.resolve_nested_schema(event)
    schemas = spec.to_dict()["components"]["schemas"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{service}.{event.name}.v{event.event_version}",
        "description": inspect.getdoc(event),
        "$ref": f"#/components/schemas/{service}.{event.__name__}",
        "components": {"schemas": schemas},
        "examples": [event.example],
    }
