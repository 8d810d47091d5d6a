"""Which field of a request is to blame where what it names is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kernel.ids import find_ids
from kernel.refusals import NotFound


def name_field(refusal: NotFound, sent: Mapping[str, Any]) -> None:
    """Have what names no field name the one that holds the id which its sentence tells; none where
    several hold it."""
    if refusal.errors:
        return
    ids = find_ids(refusal.detail)
    fields = [field for field, value in _texts(sent) if value in ids]
    if len(fields) == 1:
        refusal.errors.append({"field": fields[0], "detail": refusal.detail})


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
        return
    if isinstance(value, Mapping):
        steps = list(value.items())
    else:
        steps = list(enumerate(value)) if isinstance(value, list) else []
    for step, inner in steps:
        yield from _texts(inner, f"{path}/{step}" if path else str(step))
