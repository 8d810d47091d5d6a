"""What a pack is: sections of plain values, one text, and the hash of that text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from kernel.money import Money

_MOMENT = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d):\d\d(\.\d+)?\+00:00")

Value = str | int | list[Any] | dict[str, Any] | None


class Pack(NamedTuple):
    """A pack as it is kept: JSON without spaces, and the SHA-256 of its UTF-8 in hex."""

    text: str
    sha256: str


def freeze(sections: Mapping[str, Any]) -> Pack:
    """The pack of these sections, in their order; the same ones give the same text and hash."""
    text = json.dumps(plain(sections), ensure_ascii=False, separators=(",", ":"))
    return Pack(text, hashlib.sha256(text.encode()).hexdigest())


def plain(value: Any) -> Value:
    """The value as JSON has it: days and moments as ISO 8601, money as `12.50 EUR`, choices as their
    words."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum | Money):
        return str(value)
    assert value is None or isinstance(value, str | int), f"{value!r} is no value of a pack"
    return value


class Line(NamedTuple):
    """A line of a pack on paper: how far it is moved in, what it is called, what it says."""

    depth: int
    label: str
    text: str


def heading(name: str) -> str:
    """A section's or a field's name, as a person reads it."""
    return name.replace("_", " ").capitalize()


def lines_of(value: Value, depth: int = 0) -> list[Line]:
    """What a section says, line by line. Nothing is said of what is not there, but that it is not."""
    if isinstance(value, dict):
        return [line for key, one in value.items() for line in _field(heading(key), one, depth)]
    if isinstance(value, list):
        return [line for one in value for line in _entry(one, depth)] or [Line(depth, "", "None.")]
    return [Line(depth, "", "None." if value is None else _text(value))]


def _text(value: str | int) -> str:
    """The value in words: a moment to the minute."""
    moment = _MOMENT.fullmatch(str(value))
    return str(value) if moment is None else f"{moment['day']} {moment['time']} UTC"


def _field(label: str, value: Value, depth: int) -> list[Line]:
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        value = ", ".join(map(str, value)) or None
    if isinstance(value, list | dict):
        return [Line(depth, label, ""), *lines_of(value, depth + 1)]
    return [] if value is None else [Line(depth, label, _text(value))]


def _entry(value: Value, depth: int) -> list[Line]:
    """One of a list: its fields in one paragraph, however they were written."""
    if not isinstance(value, dict):
        return lines_of(value, depth)
    parts = [f"{line.label}: {line.text}" for line in lines_of(value)]
    return [Line(depth, "•", " ".join(" · ".join(parts).split()))]
