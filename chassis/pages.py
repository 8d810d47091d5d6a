"""Cursor pages: a list is read in the order of a unique key, a bounded number of rows at a time."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session

from kernel.refusals import Invalid


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
        values = _decode(after, by)
        statement = statement.where(position < values if is_descending else position > values)
    order = [column.desc() if is_descending else column.asc() for column in by]
    result = session.execute(statement.order_by(*order).limit(limit + 1))
    rows: Sequence[Any] = (
        result.scalars().all() if len(statement.column_descriptions) == 1 else result.all()
    )
    items = list(rows[:limit])
    has_more = len(rows) > limit
    cursor = [getattr(items[-1], str(column.key)) for column in by] if has_more else None
    return {"items": items, "has_more": has_more, "next_after": cursor and _encode(cursor)}


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _decode(cursor: str, by: Sequence[Any]) -> tuple[Any, ...]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        assert isinstance(values, list) and len(values) == len(by)
        return tuple(_typed(value, column) for value, column in zip(values, by, strict=True))
    except (ValueError, AssertionError, TypeError) as error:
        raise Invalid(
            "invalid_cursor",
            "`after` is the next_after of an earlier page of the same list; leave it out to begin.",
            field="after",
        ) from error


def _typed(value: Any, column: ColumnElement[Any]) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    assert isinstance(value, kind)
    return value
