"""The gateway's database: connecting with limits on every wait, migrating, being told it is away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gateway.problems import Problem

MIGRATION_LOCK = 0x57E3A2D  # one migration of a database at a time, whoever starts it
CONNECTIONS = 6
CONNECT_ARGUMENTS = {
    "connect_timeout": 3,
    "options": "-c statement_timeout=5000 -c lock_timeout=3000"
    " -c idle_in_transaction_session_timeout=30000",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


# Classes of SQLSTATE (PostgreSQL, appendix A): it is not there or too busy; no column can hold this.
AWAY = frozenset({"08", "53", "57"})
WRONG_VALUE = frozenset({"22", "54"})
LOCK_NOT_AVAILABLE = "55P03"

log = structlog.get_logger()


class Database:
    """Transactions on the gateway's database; an unreachable one is answered with 503, a value that
    it cannot have with 422."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=3,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args=CONNECT_ARGUMENTS,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction. Problem 503 where the database cannot be reached or does not answer, 422
        where a value is to blame."""
        with as_problem():
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """As `transaction`, but each statement is one of its own, which spares two round trips."""
        with as_problem():
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                yield connection

    @asynccontextmanager
    async def lock(self, key: int) -> AsyncIterator[AsyncConnection | None]:
        """Try to hold a lock across all workers; the connection that holds it, of the kind of `alone`,
        None where another does. It ends with its connection, so it does not outlive a worker that was
        killed."""
        async with self.alone() as connection:
            is_held = await connection.scalar(select(func.pg_try_advisory_lock(key)))
            try:
                yield connection if is_held else None
            finally:
                if is_held:
                    await connection.execute(select(func.pg_advisory_unlock(key)))

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


@contextmanager
def as_problem() -> Iterator[None]:
    """What fails inside is Problem 503 where the database cannot be reached or does not answer, 422 where
    a value is to blame."""
    try:
        yield
    except PoolTimeoutError as error:
        raise _away() from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if isinstance(error, DataError) or state[:2] in WRONG_VALUE:
            log.warning("value refused by the database", state=state)
            detail = "A value is not one that can be stored or looked for; correct it."
            raise Problem(422, "invalid_value", detail) from error
        if _is_away(error, state):
            raise _away() from error
        raise


def _is_away(error: DBAPIError, state: str) -> bool:
    """Whether the database could not be reached, was shut down or took too long (and not: refused what
    it was asked)."""
    if not state:
        return isinstance(error, OperationalError | InterfaceError)
    return error.connection_invalidated or state[:2] in AWAY or state == LOCK_NOT_AVAILABLE


def _away() -> Problem:
    return Problem.unavailable("The gateway's database does not answer; try again.")


def migrate(url: str) -> None:
    """Bring the gateway's database to the newest schema."""
    from alembic import command  # only here: a serving process has no use for it

    with create_engine(url).connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
        command.upgrade(migration_config(connection), "head")
        connection.commit()


def differences(url: str) -> list[str]:
    """Where the tables of gateway/models.py and the migrated database differ; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from gateway.models import METADATA

    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, METADATA)]


def migration_config(connection: Connection) -> Any:
    """Alembic's configuration for the gateway's migrations on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
