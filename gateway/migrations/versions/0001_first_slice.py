"""API keys, remembered contracts, stored answers, the manual clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("accounts", ARRAY(sa.Text)),
        sa.Column("requests_per_second", sa.Integer),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.Column("revoked_by", sa.Text),
        sa.Column("last_used_at", INSTANT),
        sa.Column("version", sa.BigInteger, server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_api_key"),
    )
    op.create_table(
        "api_key_secret",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("valid_until", INSTANT),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.key_id"], name="fk_api_key_secret_key_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_api_key_secret"),
    )
    op.create_index("ix_api_key_secret_key_id", "api_key_secret", ["key_id"])
    op.create_table(
        "contract",
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("described_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_contract"),
    )
    op.create_table(
        "route",
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("pattern", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("claimed_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("verb", "pattern", name="pk_route"),
    )
    op.create_table(
        "answer",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("command_id", sa.Text, nullable=False),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("answered_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("caller", "command_id", name="pk_answer"),
    )
    op.create_index("ix_answer_answered_at", "answer", ["answered_at"])
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("now", INSTANT, nullable=False),
        sa.Column("positions", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )


def downgrade() -> None:
    for table in ("clock", "answer", "route", "contract", "api_key_secret", "api_key"):
        op.drop_table(table)
