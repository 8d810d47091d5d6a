"""Open items in the order of their documents: day of issue, instalment, numbers as people read them.

Only adds: what the version before writes has no day of issue and is instalment 0, as what was there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CREATE_NATURAL_ORDER = (
    "CREATE COLLATION IF NOT EXISTS natural_order (provider = icu, locale = 'und-u-kn-true')"
)
NATURAL = sa.Text(collation="natural_order")
TABLES = ("receivable", "dunning_notice_item")


def upgrade() -> None:
    op.execute(CREATE_NATURAL_ORDER)
    for table in TABLES:
        op.add_column(table, sa.Column("issued_on", sa.Date(), nullable=True))
        op.add_column(
            table,
            sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        )
        op.alter_column(table, "invoice_number", type_=NATURAL)


def downgrade() -> None:
    for table in TABLES:
        op.alter_column(table, "invoice_number", type_=sa.Text())
        op.drop_column(table, "position")
        op.drop_column(table, "issued_on")
    op.execute("DROP COLLATION natural_order")
