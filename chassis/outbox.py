"""The outbox: events are rows in the transaction that caused them; the relay carries them out."""

from __future__ import annotations

from typing import Any

import eventlet
from eventlet.event import Event as Signal
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


class Bell:
    """Tells the relay of this process that events were committed, so that it need not look for them."""

    def __init__(self) -> None:
        self._rung = Signal()

    def ring(self) -> None:
        """There is something to publish."""
        if not self._rung.ready():
            self._rung.send()

    def wait(self, seconds: float) -> None:
        """Wait until it is rung, or has been since it was last waited for; at most so long."""
        with eventlet.Timeout(seconds, False):  # noqa: FBT003
            self._rung.wait()
        if self._rung.ready():
            self._rung = Signal()


bell = Bell()

_schemas: dict[type[Event], Event] = {}
