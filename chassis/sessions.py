"""Engines and sessions: PostgreSQL through psycopg2, with a limit on every wait."""

from __future__ import annotations

from typing import Any

import eventlet
import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from chassis.calls import Caller
from chassis.config import RPC_PREFETCH, SERVICE_WORKERS
from chassis.database import AccountOwned

CONNECT_SECONDS = 5
RETRIED_CODES = frozenset(
    {"40001", "40P01", "23505"}
)  # serialisation, deadlock, lost race to insert
SESSION_SETTINGS = (
    "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
)

READING_SETTINGS = f"{SESSION_SETTINGS} -c default_transaction_read_only=on"
BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ; "


def make_engine(database_url: str) -> Engine:
    """The engine of one service process. Waits for a connection, a lock, a statement and the network
    all end by themselves."""
    return _make(database_url, SESSION_SETTINGS, SERVICE_WORKERS + 2)


def make_reading_engine(database_url: str) -> Engine:
    """The engine for queries: a transaction sees one unchanging view of the data and cannot write.

    Its BEGIN goes out together with its first statement: on a page that is read a thousand times a
    second, a round trip less shows."""
    engine = _make(database_url, READING_SETTINGS, RPC_PREFETCH, isolation_level="AUTOCOMMIT")

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def begin(connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> Any:
        if _is_idle(connection.connection):
            statement = BEGIN_READING + statement
        return statement, parameters

    @event.listens_for(engine, "reset")
    def end(connection: Any, *_: Any) -> None:
        if not connection.closed and not _is_idle(connection):
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")  # of what only read: as good as COMMIT

    return engine


def _is_idle(connection: Any) -> bool:
    return bool(connection.get_transaction_status() == TRANSACTION_STATUS_IDLE)


def _make(database_url: str, session_settings: str, connections: int, **options: Any) -> Engine:
    url = make_url(database_url)
    arguments = {**url.translate_connect_args(username="user", database="dbname"), **url.query}

    def connect() -> Any:
        # psycopg2 in green mode does not heed connect_timeout.
        with eventlet.Timeout(
            CONNECT_SECONDS, psycopg2.OperationalError("connecting to the database took too long")
        ):
            return psycopg2.connect(
                **arguments,
                options=session_settings,
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
                tcp_user_timeout=15000,
            )

    return create_engine(
        "postgresql+psycopg2://",
        creator=connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        **options,
    )


def open_session(engine: Engine, caller: Caller) -> Session:
    """A session in which the caller sees only rows of accounts it may see."""
    session = Session(engine, expire_on_commit=False)
    if caller.accounts is not None:
        visible = sorted(caller.accounts)

        @event.listens_for(session, "do_orm_execute")
        def only_visible_accounts(state: ORMExecuteState) -> None:
            if not (state.is_select or state.is_update or state.is_delete):
                return  # plain text names its own tables
            state.statement = state.statement.options(
                with_loader_criteria(
                    AccountOwned,
                    lambda model: model.account_id.in_(visible),
                    include_aliases=True,
                )
            )

    return session


def is_transient(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is run again from its beginning."""
    return error.connection_invalidated or getattr(error.orig, "pgcode", None) in RETRIED_CODES


def is_busy(error: DBAPIError) -> bool:
    """Whether the database gave up waiting for a lock or a statement."""
    return getattr(error.orig, "pgcode", None) in {"55P03", "57014"}
