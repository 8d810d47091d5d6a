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
import structlog
from eventlet.event import Event as Signal
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from chassis.doors.introductions import Told
from chassis.doors.outages import is_outage
from chassis.doors.transaction import Context, run
from chassis.events import Event
from chassis.ground.bells import INTRODUCED
from chassis.ground.dumps import compile_dump
from chassis.ground.logs import tell_seldom
from chassis.store import introductions
from chassis.store.dialect import ALONE
from chassis.store.locks import Lock, held
from chassis.wire.envelopes import write_event
from chassis.wire.publisher import Message, Publisher
from chassis.wire.sentences import say
from chassis.wire.topology import introduction_key, introductions_exchange

PAGE_ROWS = 500
LOOK_SECONDS = 2.0
ERROR_MAX = 500

log = structlog.get_logger()


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
            except Exception as error:
                tell_seldom("introduction_interrupted", error=repr(error)[:300])
            if not self._is_stopping:
                INTRODUCED.wait(LOOK_SECONDS)
        self._stopped.send()

    def stop(self) -> None:
        """Finish the page, then end."""
        self._is_stopping = True
        INTRODUCED.ring()
        self._stopped.wait()

    def _lead(self, connection: Connection) -> None:
        if introductions.find_next(connection) is None:
            return
        with held(connection, Lock.INTRODUCTIONS) as is_ours:
            while (
                is_ours
                and not self._is_stopping
                and (row := introductions.find_next(connection)) is not None
            ):
                self._tell_or_end(connection, row)

    def _tell_or_end(self, connection: Connection, row: Any) -> None:
        """One that can never be told stops no other."""
        try:
            self._tell(connection, row)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("introduction_failed", listener=row.listener, of=row.event)
            introductions.end(connection, row.introduction_id, problem=repr(error)[:ERROR_MAX])

    def _tell(self, connection: Connection, row: Any) -> None:
        told = Told(self._service, row.event)
        dump = compile_dump(told.event())
        after = row.first if row.done is None else row.done

        def read(session: Session) -> list[tuple[list[Any], dict[str, Any]]]:
            things = told.page(session, after=after, last=row.last, limit=PAGE_ROWS)
            return [(told.key_of(thing), dump(thing)) for thing in things]

        page = run(self._engine, lambda session, _: read(session), Context())
        if page and self._publish(told, row, page):
            problem = f"{row.listener} does not listen to it"
            introductions.end(connection, row.introduction_id, problem=problem)
            return
        if page:
            done = page[-1][0]
            introductions.note_told(connection, row.introduction_id, done=done, told=len(page))
        if len(page) < PAGE_ROWS:
            introductions.end(connection, row.introduction_id)

    def _publish(self, told: Told, row: Any, page: Sequence[tuple[list[Any], Any]]) -> bool:
        """Whether nobody hears it."""
        exchange = introductions_exchange(self._service.name).name
        routing_key = introduction_key(row.listener, row.event)
        messages = []
        for key, data in page:
            # The same however often a page is told: where that was cut off, it is told again.
            event_id = ".".join(map(str, (row.introduction_id, *key)))
            body = self._write(told.event, data, event_id=event_id)
            messages.append(Message(exchange, routing_key, body, message_id=event_id))
        return bool(self._publisher.publish(messages))

    def _write(self, event: type[Event], data: dict[str, Any], *, event_id: str) -> bytes:
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
