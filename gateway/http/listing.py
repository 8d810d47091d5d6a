"""Lists of the gateway's own: a page at a time, in the order of their ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.problems import Problem


async def read_page(
    connection: AsyncConnection,
    statement: Select[Any],
    *,
    by: ColumnElement[str],
    is_cursor: Callable[[str], bool],
    describe: Callable[[Any], dict[str, Any]],
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """What `statement` finds, ordered `by` a column that tells its rows apart, after the value `after` of
    it. Problem 422 where `after` is nothing that a page ends with."""
    statement = statement.order_by(by).limit(limit + 1)
    if after is not None:
        if not is_cursor(after):
            detail = "`after` is the next_after of an earlier page; leave it out to begin."
            raise Problem.of_field(422, "invalid_cursor", detail, parameter="after")
        statement = statement.where(by > after)
    rows = (await connection.execute(statement)).all()
    has_more = len(rows) > limit
    return {
        "items": [describe(row) for row in rows[:limit]],
        "has_more": has_more,
        "next_after": rows[limit - 1]._mapping[by] if has_more else None,
    }
