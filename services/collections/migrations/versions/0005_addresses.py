"""Where accounts' post goes, and whom letters are from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("'[]'")
    column = sa.Column("addresses", postgresql.JSONB(), nullable=False, server_default=empty)
    op.add_column("account", column)
    op.create_table(
        "company",
        sa.Column("company_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("addresses", postgresql.JSONB(), nullable=False),
        sa.Column("bank_accounts", postgresql.JSONB(), nullable=False),
        sa.Column("email_from", sa.Text(), nullable=True),
        sa.Column("logo_file_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company")),
    )
    op.create_table(
        "logo",
        sa.Column("logo_file_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("logo_file_id", name=op.f("pk_logo")),
    )


def downgrade() -> None:
    op.drop_table("logo")
    op.drop_table("company")
    op.drop_column("account", "addresses")
