"""Schema migrations with Alembic: first the chassis' own tables, then the service's."""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, MetaData, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from chassis.store import tables
from chassis.store.locks import Lock

CHASSIS = Path(__file__).parent


def migrate(package: str, database_url: str) -> None:
    """Bring the database of the service `package` ("services.billing") to the newest schema."""
    with _connect(database_url) as connection:
        lock = {"key": Lock.MIGRATION.value}  # one migration at a time, whoever starts it
        connection.execute(text("SELECT pg_advisory_lock(:key)"), lock)
        connection.commit()
        for config in _configurations(package, connection):
            command.upgrade(config, "heads")
            connection.commit()


def revise(package: str, database_url: str, message: str) -> None:
    """Write a new migration of the service from the difference between its models and the database."""
    with _connect(database_url) as connection:
        config = _configurations(package, connection)[-1]
        versions = sorted(_versions(package).glob("*.py"))
        command.revision(
            config, message, autogenerate=True, rev_id=f"{len(versions) + 1:04d}", head="head"
        )


def differences(package: str, database_url: str) -> list[str]:
    """Where the models and the migrated database differ; empty when they agree."""
    with _connect(database_url) as connection:
        found: list[str] = []
        for metadata in (tables.METADATA, _metadata(package)):
            known = metadata.tables

            def is_ours(name: str | None, kind: str, _: object, known: object = known) -> bool:
                return kind != "table" or name in known  # type: ignore[operator]

            context = MigrationContext.configure(
                connection, opts={"include_name": is_ours, "compare_type": True}
            )
            found += [str(difference) for difference in compare_metadata(context, metadata)]
            found += _check_differences(connection, metadata)
        return found


def _check_differences(connection: Connection, metadata: MetaData) -> list[str]:
    """Check constraints that only one side has, by name: Alembic does not compare them."""
    found = []
    reflected = inspect(connection).get_multi_check_constraints()
    for table in metadata.sorted_tables:
        there = {str(one["name"]) for one in reflected.get((None, table.name), ())}
        wanted = {
            str(connection.dialect.identifier_preparer.format_constraint(one))
            for one in table.constraints
            if isinstance(one, CheckConstraint)
        }
        found += [f"{table.name}: check constraint {name}" for name in sorted(there ^ wanted)]
    return found


def _configurations(package: str, connection: Connection) -> list[Config]:
    chassis = _configuration(
        CHASSIS / "migrations" / "versions", tables.METADATA, "chassis_version"
    )
    service = _configuration(_versions(package), _metadata(package), "alembic_version")
    for config in (chassis, service):
        config.attributes["connection"] = connection
    return [chassis, service]


def _configuration(versions: Path, metadata: MetaData, version_table: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(CHASSIS / "alembic"))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(metadata=metadata, version_table=version_table)
    return config


def _metadata(package: str) -> MetaData:
    importlib.import_module(f"{package}.models")
    metadata: MetaData = importlib.import_module(f"{package}.base").Base.metadata
    return metadata


def _versions(package: str) -> Path:
    return Path(next(iter(importlib.import_module(package).__path__))) / "migrations" / "versions"


def _connect(database_url: str) -> Connection:
    return create_engine(database_url, poolclass=NullPool).connect()
