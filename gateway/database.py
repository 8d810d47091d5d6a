"""The gateway's database: connecting with limits on every wait, migrating, being told it is away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
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


class Database:
    """Transactions on the gateway's database; an unreachable one is answered with 503."""

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
        """One transaction. Problem 503 where the database cannot be reached or does not answer."""
        with _away_as_problem():
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def lock(self, key: int) -> AsyncIterator[bool]:
        """Try to hold a lock across all workers; whether it is held. It ends with its connection, so it
        does not outlive a worker that was killed."""
        with _away_as_problem():
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                is_held = await connection.scalar(select(func.pg_try_advisory_lock(key)))
                try:
                    yield bool(is_held)
                finally:
                    if is_held:
                        await connection.execute(select(func.pg_advisory_unlock(key)))

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


@contextmanager
def _away_as_problem() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        if isinstance(error, DBAPIError) and not _is_away(error):
            raise
        raise Problem.unavailable("The gateway's database does not answer; try again.") from error


def _is_away(error: DBAPIError) -> bool:
    """Whether the database could not be reached, was shut down or took too long (and not: refused what
    it was asked)."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state[:2] in {"", "08", "57", "53"} or state == "55P03"


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
