"""Rows handed to a statement as one array a column: one plan and one round trip, however many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Text, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import TableValuedAlias

_TYPES: dict[type, Any] = {str: Text, int: BigInteger, date: Date}


def rows(name: str, /, rows: Sequence[Sequence[Any]], **columns: type) -> TableValuedAlias:
    """`rows` as a table `name` to join to; `columns` name and type its columns, in their order."""
    arrays = zip(*rows, strict=True) if rows else ((),) * len(columns)
    unnested = func.unnest(
        *(
            bindparam(column, list(values), ARRAY(_TYPES[kind]))
            for (column, kind), values in zip(columns.items(), arrays, strict=True)
        )
    )
    return unnested.table_valued(*columns, name=name, joins_implicitly=True).render_derived()
