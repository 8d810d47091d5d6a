"""Who we are: at most one row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("company_id", sa.Text(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("addresses", postgresql.JSONB(), nullable=False),
        sa.Column("tax_ids", postgresql.JSONB(), nullable=False),
        sa.Column("bank_accounts", postgresql.JSONB(), nullable=False),
        sa.Column("email_from", sa.Text(), nullable=True),
        sa.Column("logo_file_id", sa.Text(), nullable=True),
        sa.Column("logo", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("is_ours", name=op.f("ck_company_is_ours")),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company")),
        sa.UniqueConstraint("is_ours", name=op.f("uq_company_is_ours")),
    )


def downgrade() -> None:
    op.drop_table("company")
