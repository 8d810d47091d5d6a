"""Whether what comes under a name is what came under it before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from kernel.refusals import Conflict


def digest(values: Mapping[str, Any]) -> str:
    """What was sent, in 64 hexadecimal digits; a number says the same however it is written. What is left
    out says nothing: fields may come."""
    return _digest(values, write=_write)


def require_same(before: str | None, values: Mapping[str, Any], *, what: str) -> None:
    """One name is of one thing, which says the same each time; Conflict (`external_id_used`) if not."""
    if before not in (digest(values), _digest(values, write=str)):  # as numbers were kept earlier
        raise Conflict(
            "external_id_used",
            f"{what} {values['external_id']} of this account came before with another content. Send it "
            "as it was, or give this one an external_id of its own.",
            field="external_id",
        )


def _digest(values: Mapping[str, Any], *, write: Callable[[Any], str]) -> str:
    told = {name: value for name, value in values.items() if value is not None}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=write).encode()).hexdigest()


def _write(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
