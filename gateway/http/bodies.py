"""Bodies: strict JSON. One object, no name twice, nothing that another parser might read otherwise."""

from __future__ import annotations

import json
import math
from typing import Any

from gateway.problems import Problem

DEPTH_MAX = 64
INTEGER_MAX = 2**63 - 1


class _Refused(ValueError):
    """Valid to Python's parser, but not here."""


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; Problem 400 that says where it is wrong. No body is an empty object."""
    if not body:
        return {}
    try:
        value = _DECODER.decode(body.decode("utf-8"))
        if not isinstance(value, dict):
            raise _Refused("The body must be a JSON object.")
        if body.count(b"[") + body.count(b"{") > DEPTH_MAX and _depth(value) > DEPTH_MAX:
            raise _Refused(f"The body is nested more than {DEPTH_MAX} levels deep.")
        if b"\\u" in body:
            _refuse_lone_surrogates(value)
    except UnicodeDecodeError as error:
        raise _malformed(f"The body is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise _malformed(
            f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from error
    except RecursionError as error:
        raise _malformed(f"The body is nested more than {DEPTH_MAX} levels deep.") from error
    except _Refused as error:
        raise _malformed(str(error)) from error
    return value


def _malformed(detail: str) -> Problem:
    return Problem(400, "malformed_json", detail)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Refused(f'The name "{name[:80]}" stands twice in one object.')
            seen.add(name)
    return value


def _integer(text: str) -> int:
    value = int(text) if len(text) <= 20 else INTEGER_MAX + 1
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise _Refused("A whole number has more than 64 bits.")
    return value


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _Refused("A number is too large.")
    return value


def _constant(text: str) -> float:
    raise _Refused(f"{text} is no JSON number.")


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return deepest


def _refuse_lone_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _Refused("A text has half of a surrogate pair.") from error


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
