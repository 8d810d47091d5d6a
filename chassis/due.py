"""Due times: what is to be done at a moment, kept by the transaction that decides it, and done once.

`@due` of `chassis.contract` names who does it. The class name is the due time's name (`CallbackDue` is
`callback_due`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from chassis.fields import Schema
from chassis.store.due_times import Change


class DueTime(Schema):
    """What is to be done at a moment; its fields are what the handler is given. At most one of a name is
    kept under one key."""

    name: ClassVar[Any]  # text; a field of the same name is declared apart by marshmallow

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        assert cls.__doc__, f"{cls.__name__}: its docstring says what is due"


def schedule(
    session: Session, due: type[DueTime], *, key: str, at: datetime, **values: Any
) -> None:
    """Have this done at an instant (one that is past: at once), if and only if this transaction commits.
    What was kept under the key is moved: it has the new instant and the new values. Values go through
    the schema now, out and in again, so that a wrong one fails here and not at its time."""
    assert at.tzinfo is not None, f"{due.__name__}: `at` is an instant, with its offset"
    schema = _schema(due)
    unknown = values.keys() - schema.fields.keys()
    assert not unknown, f"{due.__name__} declares no {', '.join(sorted(unknown))}"
    data = schema.dump(values)
    try:
        schema.load(data)
    except ValidationError as error:
        raise AssertionError(f"{due.__name__} takes something else: {error.messages}") from error
    _change(session, Change(due.name, key, at.astimezone(UTC), data, _cause(session)))


def drop(session: Session, due: type[DueTime], *, key: str) -> None:
    """Do not do what is kept under this key, if and only if this transaction commits; nothing where
    nothing is kept. What is performed by then is done."""
    _change(session, Change(due.name, key, None, {}, _cause(session)))


def _change(session: Session, change: Change) -> None:
    assert change.key, f"{change.name}: the key says which one is meant"
    session.info.setdefault("due", []).append(change)


def _cause(session: Session) -> tuple[str, str | None]:
    cause: tuple[str, str | None] = session.info.get("cause", ("", None))
    return cause


@cache
def _schema(due: type[DueTime]) -> DueTime:
    return due()
