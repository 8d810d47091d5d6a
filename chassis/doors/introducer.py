"""The introducer: tells one listener how things are, page by page, while live events flow beside it.

What is told goes to the listener's own queue, by a key that only that is bound to; by their versions, the
listener's copy ends up right in whatever order that and the live events come.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import psycopg2
from eventlet.event import Event as Signal
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis.doors.introductions import Told
from chassis.doors.transaction import Context, run
from chassis.ground.bells import INTRODUCED
from chassis.ground.logs import tell_seldom
from chassis.store import introductions
from chassis.store.dialect import ALONE
from chassis.wire.envelopes import write_event
from chassis.wire.publisher import Message, NotConfirmed, Publisher
from chassis.wire.sentences import say
from chassis.wire.topology import introduction_key, introductions_exchange

INTRODUCER_LOCK = 0x57E3A2F  # advisory lock in the service's own database
PAGE_ROWS = 500
LOOK_SECONDS = 2.0


class Introducer:
    """Tells listeners, one page of things at a time; one at work per service."""

    def __init__(self, engine: Engine, service: Any, publisher: Publisher) -> None:
        self._engine = engine
        self._service = service
        self._publisher = publisher
        self._is_stopping = False
        self._stopped = Signal()

    def run(self) -> None:
        """Work until `stop`, whenever there is something to tell."""
        while not self._is_stopping:
            try:
                with self._engine.execution_options(**ALONE).connect() as connection:
                    self._lead(connection)
            except (SQLAlchemyError, psycopg2.Error, NotConfirmed) as error:
                tell_seldom("introduction_interrupted", error=repr(error)[:300])
            if not self._is_stopping:
                INTRODUCED.wait(LOOK_SECONDS)
        self._stopped.send()

    def stop(self) -> None:
        """Finish the page, then end."""
        self._is_stopping = True
        INTRODUCED.ring()
        self._stopped.wait()

    def _lead(self, connection: Any) -> None:
        if introductions.find_next(connection) is None:
            return
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({INTRODUCER_LOCK})")):
            return
        try:
            while not self._is_stopping and (row := introductions.find_next(connection)):
                self._tell(connection, row)
        finally:
            if not connection.closed and not connection.invalidated:
                connection.execute(text(f"SELECT pg_advisory_unlock({INTRODUCER_LOCK})"))

    def _tell(self, connection: Any, row: Any) -> None:
        told = Told(self._service, row.event)
        schema = told.event()
        after = row.first if row.done is None else row.done

        def read(session: Session) -> list[tuple[list[Any], dict[str, Any]]]:
            things = told.page(session, after=after, last=row.last, limit=PAGE_ROWS)
            return [(told.key_of(thing), schema.dump(thing)) for thing in things]

        page = run(self._engine, lambda session, _: read(session), Context())
        if page and self._publish(told, row, page):
            introductions.end(connection, row.introduction_id, is_heard=False)
            return
        if page:
            done = page[-1][0]
            introductions.note_told(connection, row.introduction_id, done=done, told=len(page))
        if len(page) < PAGE_ROWS:
            introductions.end(connection, row.introduction_id)

    def _publish(self, told: Told, row: Any, page: Sequence[tuple[list[Any], Any]]) -> bool:
        """Whether nobody hears it."""
        messages = [
            Message(
                exchange=introductions_exchange(self._service.name).name,
                routing_key=introduction_key(row.listener, row.event),
                body=self._write(told, data, event_id=f"{row.introduction_id}.{'.'.join(key)}"),
                message_id=f"{row.introduction_id}.{'.'.join(key)}",
            )
            for key, data in page
        ]
        return bool(self._publisher.publish(messages))

    def _write(self, told: Told, data: dict[str, Any], *, event_id: str) -> bytes:
        event = told.event
        row = SimpleNamespace(
            event_id=event_id,
            name=event.name,
            event_version=event.event_version,
            subject=data[event.about],
            occurred_at=datetime.now(UTC),
            sequence=0,
            sentence=say(event, data),
            request_id=None,
            trace=None,
            data=orjson.dumps(data).decode(),
        )
        return write_event(row, self._service.name)
