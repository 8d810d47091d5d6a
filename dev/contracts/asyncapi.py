"""`contracts/asyncapi.json`: which events go out, where, and what a message of each looks like."""

from __future__ import annotations

from typing import Any

SCHEMA_FORMAT = "application/schema+json;version=2020-12"
SERVERS = {
    "broker": {
        "host": "{host}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "The RabbitMQ that all services share. A subscriber has a user of its own.",
        "variables": {
            "host": {
                "default": "127.0.0.1:5672",
                "description": "Its address and port, as AMQP_URI says.",
            }
        },
    }
}


def describe_messages(described: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The document (AsyncAPI 3.0) of what services, by their names, say of their events."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for service, contract in described.items():
        for key, event in contract["event_schemas"].items():
            name = key.partition(".")[0]
            channel = channels.setdefault(f"{service}.{name}", _channel(service, name, event))
            channel["messages"][key] = _message(service, key, event)
            place = f"#/channels/{service}.{name}"
            operations[f"{service}.{key}"] = {
                "action": "send",
                "channel": {"$ref": place},
                "messages": [{"$ref": f"{place}/messages/{key}"}],
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Steward's events",
            "version": "1",
            "description": "CloudEvents 1.0 in JSON. Each arrives at least once; the events of one "
            "source about one subject are counted by `sequence`.",
        },
        "defaultContentType": "application/json",
        "servers": SERVERS,
        "channels": channels,
        "operations": operations,
    }


def _channel(service: str, name: str, event: dict[str, Any]) -> dict[str, Any]:
    kind, exchange, key = "topic", f"{service}.events", name
    if "x-key" in event:  # it is told to one listener
        kind, exchange, key = "direct", f"{service}.introductions", f"LISTENER.{name}"
    return {
        "address": f"{exchange}/{name}",
        "description": f"{kind.capitalize()} exchange {exchange}, routing key {key}.",
        "messages": {},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": exchange, "type": kind, "durable": True},
                "bindingVersion": "0.3.0",
            }
        },
    }


def _message(service: str, key: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{service}.{key}",
        "summary": event["description"],
        "contentType": "application/json",
        "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": _envelope(service, key, event)},
        "examples": [{"payload": _example(service, key, event)}],
    }


def _envelope(service: str, key: str, event: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": text,
            "source": {"const": f"/{service}"},
            "type": {"const": f"{service}.{key}"},
            "subject": {**text, "description": f"What it is about: its `{event['x-about']}`."},
            "time": {**text, "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "sequence": {**text, "pattern": "^[0-9]+$"},
            "sentence": {**text, "description": "The event in words, for people."},
            "requestid": text,
            "traceparent": text,
            "data": {"$ref": f"{service}/events/{key}.json"},
        },
    }


def _example(service: str, key: str, event: dict[str, Any]) -> dict[str, Any]:
    data = event["examples"][0]
    return {
        "specversion": "1.0",
        "id": "evt_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "source": f"/{service}",
        "type": f"{service}.{key}",
        "subject": data[event["x-about"]],
        "time": "2026-01-31T09:00:00+00:00",
        "datacontenttype": "application/json",
        "sequence": "17",
        "sentence": event["x-sentence"],
        "data": data,
    }
