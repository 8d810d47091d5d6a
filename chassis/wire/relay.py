"""The relay: carries events from the outbox to the broker, in order, one relay per service at a time.

An event that no queue takes is not published: it is held in the outbox and tried again, which holds up no
other. Then it is late, as one that fails at a listener is: listeners go by versions, not by arrival.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import psycopg2
import structlog
from eventlet.event import Event as Signal
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.ground import metrics
from chassis.ground.bells import ANNOUNCED, PUBLISHED
from chassis.ground.config import look_seconds
from chassis.ground.logs import tell_seldom
from chassis.store.dialect import ALONE
from chassis.store.locks import Lock, held
from chassis.wire.envelopes import write_event
from chassis.wire.publisher import Message, NotConfirmed, Publisher
from chassis.wire.topology import events_exchange

BATCH = 500
POLL_SECONDS = 0.1  # for rows of other replicas; this process' own commits ring the bell
STANDBY_SECONDS = 1.0
HELD_SECONDS = 5.0  # until an event that no queue took is tried again
LOOK_SECONDS = look_seconds()
REBIND_SECONDS = LOOK_SECONDS * 1.25  # within which every listener has looked, and bound again

log = structlog.get_logger()

_COLUMNS = """id, event_id, name, event_version, subject, sequence, occurred_at, data, sentence,
              request_id, trace, extract(epoch FROM now() - recorded_at) AS age"""
_UNPUBLISHED = text(
    f"""
    SELECT {_COLUMNS} FROM outbox WHERE published_at IS NULL AND held_at IS NULL
    ORDER BY id LIMIT :batch
    """  # noqa: S608  columns of this module
)
_HELD = text(
    f"""
    SELECT {_COLUMNS} FROM outbox
    WHERE published_at IS NULL AND held_at < now() - make_interval(secs => :seconds)
    ORDER BY held_at, id LIMIT :batch
    """  # noqa: S608  columns of this module
)
_MARK = text(
    """
    UPDATE outbox
    SET published_at = now(), position = place + (SELECT coalesce(max(position), 0) FROM outbox)
    FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS done (id, place)
    WHERE outbox.id = done.id AND published_at IS NULL
    """
)
# What nobody is to hear has no place on the wire.
_MARK_UNHEARD = text("UPDATE outbox SET published_at = now() WHERE id = ANY(:ids)")
_HOLD = text("UPDATE outbox SET held_at = now() WHERE id = ANY(:ids) AND published_at IS NULL")
_COUNT_HELD = text("SELECT count(*) FROM outbox WHERE published_at IS NULL AND held_at IS NOT NULL")


class Relay:
    """Publishes what is in the outbox."""

    def __init__(
        self, engine: Engine, service: str, publisher: Publisher, public_only: Collection[str]
    ) -> None:
        """`public_only` are the names of the events that no service of ours listens to."""
        # Each statement for itself: nothing stays open while the broker is talked to.
        self._engine = engine.execution_options(**ALONE)
        self._service = service
        self._exchange = events_exchange(service)
        self._publisher = publisher
        self._public_only = public_only
        self._look_at = self._rest_until = self._held_at = 0.0
        self._is_stopping = False
        self._stopped = Signal()

    def run(self) -> None:
        """Publish until `stop`, whenever this is the one active relay."""
        while not self._is_stopping:
            try:
                with self._engine.connect() as connection:
                    self._lead(connection)
            except (SQLAlchemyError, psycopg2.Error, NotConfirmed) as error:
                self._look_at = 0.0
                tell_seldom("relay_interrupted", error=repr(error)[:300])
            if not self._is_stopping:
                ANNOUNCED.wait(STANDBY_SECONDS)
        self._stopped.send()

    def stop(self) -> None:
        """Publish what there is, then end."""
        self._is_stopping = True
        ANNOUNCED.ring()
        self._stopped.wait()

    def _lead(self, connection: Connection) -> None:
        with held(connection, Lock.RELAY) as is_ours:
            while is_ours:
                sent = self._publish_new(connection)
                if sent == 0 and self._is_stopping:
                    return
                if sent < BATCH:
                    self._publish_held(connection)
                    ANNOUNCED.wait(POLL_SECONDS)

    def _publish_new(self, connection: Connection) -> int:
        rows = connection.execute(_UNPUBLISHED, {"batch": BATCH}).all()
        metrics.OUTBOX_AGE.set(max((float(row.age) for row in rows), default=0.0))
        metrics.OUTBOX_DEPTH.set(len(rows))
        if not self._may_publish() or not rows:
            return 0
        held = self._publish(connection, rows)
        if held:
            log.error("events_that_no_queue_takes", events=dict(Counter(row.name for row in held)))
        return len(rows)

    def _publish_held(self, connection: Connection) -> None:
        """Try again, the longest untried first, for as long as some are taken."""
        now = time.monotonic()
        if now < self._held_at + HELD_SECONDS or now < self._rest_until:
            return
        self._held_at = now
        metrics.HELD.set(connection.scalar(_COUNT_HELD) or 0)
        values = {"batch": BATCH, "seconds": HELD_SECONDS}
        while rows := connection.execute(_HELD, values).all():
            if len(self._publish(connection, rows)) == len(rows):
                return

    def _may_publish(self) -> bool:
        """Look at the exchange from time to time. To one that had to be made anew nobody is bound: who
        looks first would get what others never hear of, so everybody is given the time to look."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            if self._publisher.make_exchange(self._exchange):
                log.error("topology_mended", what=[f"exchange {self._exchange.name}"])
                metrics.TOPOLOGY_MENDED.inc()
                self._rest_until = now + REBIND_SECONDS
        return now >= self._rest_until

    def _publish(self, connection: Connection, rows: Sequence[Any]) -> list[Any]:
        """Those that no queue took and somebody should have."""
        messages = [
            Message(
                exchange=self._exchange.name,
                routing_key=row.name,
                body=write_event(row, self._service),
                message_id=row.event_id,
            )
            for row in rows
        ]
        back = self._publisher.publish(messages)
        unheard = [row for row in rows if row.event_id in back]
        held = [row for row in unheard if row.name not in self._public_only]
        for statement, some in (
            (_MARK, [row for row in rows if row.event_id not in back]),
            (_MARK_UNHEARD, [row for row in unheard if row.name in self._public_only]),
            (_HOLD, held),
        ):
            if some:
                connection.execute(statement, {"ids": [row.id for row in some]})
        PUBLISHED.ring()
        metrics.PUBLISHED.inc(len(rows) - len(held))
        return held
