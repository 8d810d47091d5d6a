"""Statements that a connection plans once: of one that is asked often, the plan can cost most."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Row, Select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

_NUMBERS = count(1)


class Planned:
    """A statement with its parameters, `:name`, each with its type in PostgreSQL."""

    def __init__(self, statement: str, **types: str) -> None:
        places = {name: f"${place}" for place, name in enumerate(types, start=1)}
        numbered = re.sub(r":(\w+)", lambda found: places[found[1]], statement)
        self._name = f"planned_{next(_NUMBERS)}"
        self._prepare = f"PREPARE {self._name}{_in_brackets(types.values())} AS {numbered}; "
        values = _in_brackets(f"%({name})s" for name in types)
        self._execute = f"EXECUTE {self._name}{values}"

    @classmethod
    def of(cls, statement: Select[Any] | CompoundSelect[Any], **types: str) -> Planned:
        """As SQLAlchemy writes it, where each parameter is a `literal_column(":name")`."""
        literal = statement.compile(
            dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
        )
        return cls(str(literal), **types)

    def read(self, session: Session, **values: Any) -> Sequence[Row[Any]]:
        """The rows, with what the session has changed so far. Nobody's sight narrows them: this is for
        what a service does by itself, or asks of accounts that the caller was found to see."""
        session.flush()
        return self.execute(session.connection(), values)

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """The rows. A connection on which it failed is given up: what it has planned is not known."""
        is_planned = self._name in connection.info
        statement = self._execute if is_planned else self._prepare + self._execute
        try:
            rows = connection.exec_driver_sql(statement, dict(values)).all()
        except BaseException:
            connection.invalidate()
            raise
        connection.info[self._name] = True
        return rows


def _in_brackets(parts: Iterable[str]) -> str:
    inside = ", ".join(parts)
    return f" ({inside})" if inside else ""
