"""On which day an order counts as ordered, and whether it came before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.refusals import Conflict, Invalid


def day_of_order(given: date | None, *, today: date) -> date:
    """The day an order counts for: the one given, else today; refused (`ordered_in_future`) when it is
    yet to come."""
    if given is not None and given > today:
        raise Invalid(
            "ordered_in_future",
            f"{given} is yet to come; enter the day the client ordered, or leave it out for today.",
            field="ordered_on",
        )
    return given or today


def digest(values: Mapping[str, Any]) -> str:
    """What an order says, in 64 hexadecimal digits; a number says the same however it is written. What is
    left out says nothing: fields may come."""
    return _digest(values, write=_write)


def _digest(values: Mapping[str, Any], *, write: Callable[[Any], str]) -> str:
    told = json.dumps(_without_nothing(values), sort_keys=True, default=write)
    return hashlib.sha256(told.encode()).hexdigest()


def _write(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _without_nothing(value: Any) -> Any:
    if isinstance(value, Mapping):
        said = {name: one for name, one in value.items() if one is not None and one is not False}
        return {name: _without_nothing(one) for name, one in said.items()}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value


def require_same(before: str | None, values: Mapping[str, Any]) -> None:
    """Refuse (`external_id_used`) another order under the name of one that came before."""
    if before not in (digest(values), _digest(values, write=str)):  # as numbers were kept earlier
        raise Conflict(
            "external_id_used",
            f"An order of this account came as {values['external_id']} before, with another content. "
            "Send it as it was, or give this one an external_id of its own.",
            field="external_id",
        )
