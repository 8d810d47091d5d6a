"""The relay: carries events from the outbox to the broker, in order, one relay per service at a time."""

from __future__ import annotations

import psycopg2
from eventlet.event import Event as Signal
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.ground import metrics
from chassis.ground.bells import ANNOUNCED, PUBLISHED
from chassis.ground.logs import tell_seldom
from chassis.store.dialect import ALONE
from chassis.wire.calls import write_event
from chassis.wire.publisher import Message, NotConfirmed, Publisher

RELAY_LOCK = 0x57E3A2E  # advisory lock in the service's own database
BATCH = 500
POLL_SECONDS = 0.1  # for rows of other replicas; this process' own commits ring the bell
STANDBY_SECONDS = 1.0

_UNPUBLISHED = text(
    """
    SELECT id, event_id, name, event_version, account_id, sequence, occurred_at, data, request_id,
           trace, extract(epoch FROM now() - recorded_at) AS age
    FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT :batch
    """
)
_MARK = text(
    """
    UPDATE outbox
    SET published_at = now(), position = place + (SELECT coalesce(max(position), 0) FROM outbox)
    FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS done (id, place)
    WHERE outbox.id = done.id AND published_at IS NULL
    """
)


class Relay:
    """Publishes what is in the outbox."""

    def __init__(self, engine: Engine, service: str, publisher: Publisher) -> None:
        # Each statement for itself: nothing stays open while the broker is talked to.
        self._engine = engine.execution_options(**ALONE)
        self._service = service
        self._publisher = publisher
        self._is_stopping = False
        self._stopped = Signal()

    def run(self) -> None:
        """Publish until `stop`, whenever this is the one active relay."""
        while not self._is_stopping:
            try:
                with self._engine.connect() as connection:
                    self._lead(connection)
            except (SQLAlchemyError, psycopg2.Error, NotConfirmed) as error:
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
        if not connection.scalar(text(f"SELECT pg_try_advisory_lock({RELAY_LOCK})")):
            return
        try:
            while True:
                sent = self._publish_batch(connection)
                if sent == 0 and self._is_stopping:
                    return
                if sent < BATCH:
                    ANNOUNCED.wait(POLL_SECONDS)
        finally:
            if not connection.closed and not connection.invalidated:
                connection.execute(text(f"SELECT pg_advisory_unlock({RELAY_LOCK})"))

    def _publish_batch(self, connection: Connection) -> int:
        rows = connection.execute(_UNPUBLISHED, {"batch": BATCH}).all()
        metrics.OUTBOX_AGE.set(max((float(row.age) for row in rows), default=0.0))
        metrics.OUTBOX_DEPTH.set(len(rows))
        if not rows:
            return 0
        unroutable = self._publisher.publish(
            [
                Message(
                    exchange=f"{self._service}.events",
                    routing_key=row.name,
                    body=write_event(row, self._service),
                    message_id=row.event_id,
                )
                for row in rows
            ]
        )
        metrics.UNROUTABLE.inc(len(unroutable))
        connection.execute(_MARK, {"ids": [row.id for row in rows]})
        PUBLISHED.ring()
        metrics.PUBLISHED.inc(len(rows))
        return len(rows)
