"""The outbox: events are rows in the transaction that caused them; the relay carries them out."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from chassis.events import Event


def announce(session: Session, event: type[Event], **values: Any) -> None:
    """Announce an event, carried out if and only if this transaction commits. Values go through the
    event's schema now, so that a wrong one fails here and not at a listener."""
    schema = _schemas.get(event) or _schemas.setdefault(event, event())
    unknown = values.keys() - schema.fields.keys()
    assert not unknown, f"{event.__name__} declares no {', '.join(sorted(unknown))}"
    missing = [name for name, fld in schema.fields.items() if fld.required and name not in values]
    assert not missing, f"{event.__name__} needs {', '.join(missing)}"
    announced = (event, schema.dump(values), session.info.get("cause", ("", None)))
    session.info.setdefault("announced", []).append(announced)


_schemas: dict[type[Event], Event] = {}
