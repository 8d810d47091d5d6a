"""Alembic's environment, one for all: migrates the connection it is given."""

from __future__ import annotations

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    version_table=given["version_table"],
    include_name=lambda name, kind, _: kind != "table" or name in given["metadata"].tables,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
