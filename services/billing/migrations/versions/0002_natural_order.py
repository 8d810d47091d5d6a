"""Items in the order of their documents, numbers as people read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CREATE_NATURAL_ORDER = (
    "CREATE COLLATION IF NOT EXISTS natural_order (provider = icu, locale = 'und-u-kn-true')"
)
NATURAL = sa.Text(collation="natural_order")

PLACE = ["due_date", "issued_on", "invoice_number", "position", "item_id"]
OPEN = sa.text("balance > 0")


def upgrade() -> None:
    op.execute(CREATE_NATURAL_ORDER)
    op.alter_column("account", "number", type_=NATURAL)
    op.alter_column("item", "invoice_number", type_=NATURAL)
    _index([*("account_id", "currency"), *PLACE], PLACE)


def downgrade() -> None:
    op.alter_column("item", "invoice_number", type_=sa.Text())
    op.alter_column("account", "number", type_=sa.Text())
    _index(["account_id", "currency", "due_date", "item_id"], ["due_date", "item_id"])
    op.execute("DROP COLLATION natural_order")


def _index(by_account: list[str], by_due_date: list[str]) -> None:
    for name, columns in (("ix_item_open", by_account), ("ix_item_open_due_date", by_due_date)):
        op.drop_index(name, "item")
        op.create_index(name, "item", columns, postgresql_where=OPEN)
