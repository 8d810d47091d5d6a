"""An event in the words of its producer, with its values as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from string import Formatter
from typing import Any

import marshmallow
from marshmallow import fields

from chassis.events import Event
from chassis.fields import Instant, Minor
from kernel.money import Money
from kernel.sentences import ENDS

LENGTH_MAX = 500

Reader = Callable[[Mapping[str, Any]], Any]


def say(event: type[Event], data: Mapping[str, Any]) -> str:
    """What the event `says` of these values, at most LENGTH_MAX characters: amounts with the currency
    that stands beside them, lists with commas, moments to the minute, and for null what its place says
    (`{limit:no limit}`). A value that ends a sentence itself (Why?) is given no full stop."""
    sentence = ""
    for part in _parts(event):
        words = part if isinstance(part, str) else part(data)
        is_ended = sentence.endswith(ENDS) and words.startswith(".")
        sentence += words[is_ended:]
    return sentence if len(sentence) <= LENGTH_MAX else f"{sentence[: LENGTH_MAX - 1]}…"


@cache
def _parts(event: type[Event]) -> list[str | Callable[[Mapping[str, Any]], str]]:
    schema = event()
    parts: list[str | Callable[[Mapping[str, Any]], str]] = []
    for words, path, if_null, _ in Formatter().parse(event.says):
        parts.append(words)
        if path is not None:
            parts.append(_speaker(_reader(schema, path.split(".")), if_null or "none"))
    return parts


def _speaker(read: Reader, if_null: str) -> Callable[[Mapping[str, Any]], str]:
    def speak(data: Mapping[str, Any]) -> str:
        value = read(data)
        if value is None:
            return if_null
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    return speak


def _reader(schema: marshmallow.Schema, path: list[str]) -> Reader:
    """Reads `item.number` as the number of the item."""
    name, *rest = path
    fld = schema.fields[name]
    if rest:
        assert isinstance(fld, fields.Nested), f"{name} has no parts"
        inner = _reader(fld.schema, rest)
        return lambda data: None if data.get(name) is None else inner(data[name])
    if isinstance(fld, Minor):
        return lambda data: None if data.get(name) is None else Money(data[name], data["currency"])
    if isinstance(fld, Instant):
        return lambda data: _to_the_minute(data.get(name))
    return lambda data: data.get(name)


def _to_the_minute(moment: str | None) -> str | None:
    if moment is None:
        return None
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
