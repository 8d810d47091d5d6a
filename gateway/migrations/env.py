"""Alembic's environment: migrates the connection it is given."""

from __future__ import annotations

from alembic import context

from gateway.models import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
