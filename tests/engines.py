"""Engines of the services' databases, for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Engine, create_engine

from chassis.store.migrate import migrate
from dev.servers import Servers


def engines_on(servers: Servers) -> Iterator[Callable[[str], Engine]]:
    """As the fixture `engine_of`, which whoever has servers of their own has of their own as well: a
    fixture of the whole session is made once, with the servers of the first to ask."""
    engines: dict[str, Engine] = {}

    def engine_of(service: str) -> Engine:
        if service not in engines:
            url = servers.database_url(service)
            migrate(f"services.{service}", url)
            engines[service] = create_engine(url.replace("://", "+psycopg2://", 1))
        return engines[service]

    yield engine_of
    for engine in engines.values():
        engine.dispose()
