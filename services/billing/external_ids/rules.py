"""Whether what comes under a name is what came under it before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kernel.refusals import Conflict


def digest(values: Mapping[str, Any]) -> str:
    """What was sent, in 64 hexadecimal digits. What is left out says nothing: fields may come."""
    told = {name: value for name, value in values.items() if value is not None}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def require_same(before: str | None, values: Mapping[str, Any], *, what: str) -> None:
    """One name is of one thing, which says the same each time; Conflict (`external_id_used`) if not."""
    if before != digest(values):
        raise Conflict(
            "external_id_used",
            f"{what} {values['external_id']} of this account came before with another content. Send it "
            "as it was, or give this one an external_id of its own.",
            field="external_id",
        )
