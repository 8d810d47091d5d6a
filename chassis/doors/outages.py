"""What may succeed later without anybody's doing, and what will fail again however often it is tried."""

from __future__ import annotations

import amqp
import eventlet
import kombu.exceptions
import psycopg2
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from chassis.wire.listener import Overrun
from chassis.wire.publisher import NotConfirmed
from kernel.refusals import NotKnownYet, Refusal, TooLate, Unavailable

DATABASE_AWAY = "database_unavailable"  # as a transaction says it
OUTAGES: tuple[type[BaseException], ...] = (
    *(Unavailable, NotKnownYet, TooLate),
    *(OperationalError, InterfaceError, StaleDataError, PoolTimeout),
    *(psycopg2.OperationalError, psycopg2.InterfaceError),
    *(amqp.AMQPError, kombu.exceptions.OperationalError, NotConfirmed),
    *(OSError, MemoryError, Overrun, eventlet.Timeout),
)


def is_database_away(error: BaseException) -> bool:
    """Whether nothing at all can be done just now, parking included: such a try does not count."""
    return isinstance(error, Unavailable) and error.code == DATABASE_AWAY


def is_outage(error: BaseException) -> bool:
    """Whether something was away, late, short or in the way. A mistake in a program and a refusal by a
    rule are none: the same message meets the same again."""
    if isinstance(error, Refusal):
        return isinstance(error, OUTAGES)
    return isinstance(error, OUTAGES) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
