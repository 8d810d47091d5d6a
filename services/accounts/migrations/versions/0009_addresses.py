"""Postal addresses, and what other systems call accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFERENCES = "ix_account_external_references"


def upgrade() -> None:
    for name in ("addresses", "external_references"):
        empty = sa.text("'[]'")
        column = sa.Column(name, postgresql.JSONB(), nullable=False, server_default=empty)
        op.add_column("account", column)
    op.create_index(
        REFERENCES,
        "account",
        ["external_references"],
        postgresql_using="gin",
        postgresql_ops={"external_references": "jsonb_path_ops"},
    )
    op.create_table(
        "account_reference",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.account_id"],
            name=op.f("fk_account_reference_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("system", "reference_id", name=op.f("pk_account_reference")),
    )
    op.create_index(op.f("ix_account_reference_account_id"), "account_reference", ["account_id"])
    op.create_table(
        "address",
        sa.Column("address_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("billing", "shipping", "legal"),
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("street", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("country_name", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_address_account_id_account")
        ),
        sa.PrimaryKeyConstraint("address_id", name=op.f("pk_address")),
    )
    op.create_index(op.f("ix_address_account_id"), "address", ["account_id"])


def downgrade() -> None:
    op.drop_table("address")
    op.drop_table("account_reference")
    op.drop_index(REFERENCES, "account")
    op.drop_column("account", "external_references")
    op.drop_column("account", "addresses")
