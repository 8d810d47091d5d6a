"""What models and migrations do not agree about is told."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from sqlalchemy import CheckConstraint, Column, Index, MetaData, Table, Text, create_engine, text

from chassis.store import migrate
from chassis.store.migrate import differences
from dev.servers import Servers
from tests.chassis.conftest import PACKAGE

pytestmark = pytest.mark.server

CHANGES: list[tuple[str, Callable[[MetaData], object], str]] = [
    (
        "a column that no migration adds",
        lambda of: of.tables["note"].append_column(Column("colour", Text)),
        "colour",
    ),
    (
        "a column of another type",
        lambda of: of.tables["note"].append_column(
            Column("version", Text, nullable=False), replace_existing=True
        ),
        "modify_type",
    ),
    (
        "a column that may be empty",
        lambda of: of.tables["note"].append_column(
            Column("text", Text, nullable=True), replace_existing=True
        ),
        "modify_nullable",
    ),
    ("an index", lambda of: Index("ix_note_text", of.tables["note"].c.text), "ix_note_text"),
    (
        "a check constraint",
        lambda of: of.tables["note"].append_constraint(CheckConstraint("true", name="sane")),
        "sane",
    ),
    (
        "a table",
        lambda of: Table("page", of, Column("page_id", Text, primary_key=True)),
        "page",
    ),
]


@pytest.fixture
def url(servers: Servers, migrated_probe: None) -> str:
    return servers.database_url("billing").replace("://", "+psycopg2://", 1)


def test_models_that_agree_with_their_migrations_are_told_so(url: str) -> None:
    assert differences(PACKAGE, url) == []


def test_a_migration_is_over_when_it_returns(url: str) -> None:
    """Else the next one in the same process waits for its lock, without end."""
    engine = create_engine(url)
    locks = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    gc.disable()  # which might close the connection just in time
    try:
        migrate.migrate(PACKAGE, url)
        with engine.connect() as connection:
            assert connection.scalar(locks) == 0
    finally:
        gc.enable()
        engine.dispose()


@pytest.mark.parametrize(
    ("change", "told"), [pytest.param(change, told, id=name) for name, change, told in CHANGES]
)
def test_what_no_migration_makes_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch, change: Callable[[MetaData], object], told: str
) -> None:
    whole = migrate._metadata(PACKAGE)
    changed = MetaData(naming_convention=whole.naming_convention)
    for table in whole.sorted_tables:
        table.to_metadata(changed)
    change(changed)
    monkeypatch.setattr(migrate, "_metadata", lambda _package: changed)
    assert told in "\n".join(differences(PACKAGE, url))
