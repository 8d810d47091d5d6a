"""Cursor pages: a list is read in the order of a unique key, a bounded number of rows at a time."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session

from kernel.ids import is_id
from kernel.refusals import Invalid

BIGINT_MAX = 2**63 - 1


def read_page(
    session: Session,
    statement: Select[Any],
    *,
    by: Sequence[Any],
    limit: int,
    after: str | None,
    is_descending: bool = False,
) -> dict[str, Any]:
    """One page of an unordered select of one entity, or of rows: `items`, `has_more`, `next_after`.

    `by` are the columns to sort by, together unique and never null; the last is usually the id. Their
    names must be attributes of what is selected."""
    if after is not None:
        position = tuple_(*by)
        values = read_cursor(after, by)
        statement = statement.where(position < values if is_descending else position > values)
    order = [column.desc() if is_descending else column.asc() for column in by]
    result = session.execute(statement.order_by(*order).limit(limit + 1))
    rows: Sequence[Any] = (
        result.scalars().all() if len(statement.column_descriptions) == 1 else result.all()
    )
    return make_page(rows, by=by, limit=limit)


def make_page(rows: Sequence[Any], *, by: Sequence[Any], limit: int) -> dict[str, Any]:
    """The page that these rows are, in the order `by`: one more than `limit` where there are more."""
    items = list(rows[:limit])
    has_more = len(rows) > limit
    cursor = [getattr(items[-1], str(column.key)) for column in by] if has_more else None
    return {"items": items, "has_more": has_more, "next_after": cursor and _encode(cursor)}


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(cursor: str, by: Sequence[ColumnElement[Any]]) -> tuple[Any, ...]:
    """The values of the columns `by` that a cursor holds; Invalid unless it is one that we could have
    given: read and written again it is the same, and no value is one that the database cannot have."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        typed = [_typed(value, column) for value, column in zip(values, by, strict=True)]
        if _encode(typed) != cursor:
            raise ValueError("not as it was given")
    except (ValueError, TypeError, OverflowError) as error:
        raise Invalid(
            "invalid_cursor",
            "`after` is the next_after of an earlier page of the same list; leave it out to begin.",
            field="after",
        ) from error
    return tuple(typed)


def _typed(value: Any, column: ColumnElement[Any]) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment without its offset")
        moment.astimezone(UTC)  # overflows at both ends of the calendar
        return moment
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError(f"no {kind.__name__}")
    if (kind is str and "\x00" in value) or (kind is int and abs(value) > BIGINT_MAX):
        raise ValueError("no column holds this")
    if str(column.key).endswith("_id") and not is_id(value, value.partition("_")[0]):
        raise ValueError("no id")
    return value
