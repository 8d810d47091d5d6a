"""Statements that a connection plans once: of one that is asked often, the plan can cost most."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row

_NUMBERS = count(1)


class Planned:
    """A statement with its parameters, `:name`, each with its type in PostgreSQL."""

    def __init__(self, statement: str, **types: str) -> None:
        places = {name: f"${place}" for place, name in enumerate(types, start=1)}
        numbered = re.sub(r":(\w+)", lambda found: places[found[1]], statement)
        self._name = f"planned_{next(_NUMBERS)}"
        self._prepare = f"PREPARE {self._name} ({', '.join(types.values())}) AS {numbered}; "
        self._execute = f"EXECUTE {self._name} ({', '.join(f'%({name})s' for name in types)})"

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
