"""Engines and sessions: PostgreSQL through psycopg2, with a limit on every wait."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import eventlet
import orjson
import psycopg2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from chassis.doors.rows import show_only_visible
from chassis.ground.config import COSTLY_WORKERS, RPC_WORKERS, SERVICE_WORKERS
from chassis.store.dialect import URL
from chassis.store.lookups import allow_lookups, forget_lookups
from kernel.callers import Caller

CONNECT_SECONDS = 5
# SQLSTATEs (PostgreSQL, appendix A) and their classes, the first two characters.
COLLISIONS = frozenset({"40001", "40P01"})  # serialisation failure, deadlock
RETRIED_CODES = COLLISIONS | {"23505"}  # lost race to insert
GIVEN_UP_WAITING = frozenset({"55P03", "57014"})  # for a lock, for a statement
WRONG_VALUE = frozenset({"22", "54"})  # no column can hold this, no index this much
AWAY = frozenset({"08", "28", "53", "57", "58"})  # not there, closed to us, out of resources
SESSION_SETTINGS = (
    "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
    # What is prepared is planned once, also where PostgreSQL thinks it better to do it each time; and
    # nothing is compiled, which costs more than all that we ask.
    " -c plan_cache_mode=force_generic_plan -c jit=off"
)

# Reports sum up what 100,000 accounts have; by default they would do it on the disk.
READING_SETTINGS = f"{SESSION_SETTINGS} -c default_transaction_read_only=on -c work_mem=32MB"
BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ"
READING = MappingProxyType({"is_reading": True})


def make_engine(database_url: str) -> Engine:
    """The engine of one service process. Waits for a connection, a lock, a statement and the network
    all end by themselves."""
    return _make(database_url, SESSION_SETTINGS, "BEGIN", SERVICE_WORKERS + 3)


def make_reading_engine(database_url: str) -> Engine:
    """The engine for queries: a transaction sees one unchanging view of the data and cannot write."""
    connections = RPC_WORKERS + COSTLY_WORKERS
    return _make(
        database_url, READING_SETTINGS, BEGIN_READING, connections, execution_options=READING
    )


def _make(
    database_url: str, session_settings: str, begin: str, connections: int, **options: Any
) -> Engine:
    url = make_url(database_url)
    arguments = {**url.translate_connect_args(username="user", database="dbname"), **url.query}

    def connect() -> Any:
        # psycopg2 in green mode does not heed connect_timeout.
        with eventlet.Timeout(
            CONNECT_SECONDS, psycopg2.OperationalError("connecting to the database took too long")
        ):
            connection = psycopg2.connect(
                **arguments,
                options=session_settings,
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
                tcp_user_timeout=15000,
            )
        connection.autocommit = True  # see the dialect
        return connection

    return create_engine(
        URL,
        creator=connect,
        begin=begin,
        json_deserializer=orjson.loads,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        **options,
    )


class Reading(Session):
    """The session of a query: there is nothing to commit."""


@event.listens_for(Reading, "after_begin")
def _have_one_view(session: Session, *_: object) -> None:
    forget_lookups(session)


def open_session(engine: Engine | Connection, caller: Caller) -> Session:
    """A session in which the caller sees only rows of accounts it may see."""
    if isinstance(engine, Engine) and engine.get_execution_options().get("is_reading"):
        session: Session = Reading(engine, expire_on_commit=False)
        allow_lookups(session, engine)
    else:
        session = Session(engine, expire_on_commit=False)
    show_only_visible(session, caller)
    return session


def is_transient(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is run again from its beginning."""
    return error.connection_invalidated or _state(error) in RETRIED_CODES


def is_busy(error: DBAPIError) -> bool:
    """Whether others were in the way: a collision, or a lock or a statement waited for too long."""
    return _state(error) in COLLISIONS | GIVEN_UP_WAITING


def is_wrong_value(error: DBAPIError) -> bool:
    """Whether a value is to blame, and the next one may be fine."""
    return _state(error)[:2] in WRONG_VALUE


def is_away(error: DBAPIError) -> bool:
    """Whether the database cannot be reached, or cannot serve."""
    state = _state(error)
    return state[:2] in AWAY or (not state and isinstance(error, OperationalError))


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "pgcode", None) or ""
