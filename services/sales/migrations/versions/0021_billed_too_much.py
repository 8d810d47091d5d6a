"""What of orders is billed too much: which credits are for goods that came back, and exceptions that may
come again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

AGAIN = sa.text("kind <> 'billed_too_much' OR settled_as IS NULL")


def upgrade() -> None:
    op.add_column(
        "line_credit",
        sa.Column("is_of_return", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.drop_index("uq_order_exception_about", table_name="order_exception")
    op.create_index(
        "uq_order_exception_about",
        "order_exception",
        ["about"],
        unique=True,
        postgresql_where=AGAIN,
    )


def downgrade() -> None:
    op.execute(
        "DELETE FROM order_exception_line USING order_exception WHERE kind = 'billed_too_much'"
        " AND order_exception.exception_id = order_exception_line.exception_id"
    )
    op.execute("DELETE FROM order_exception WHERE kind = 'billed_too_much'")
    op.drop_index("uq_order_exception_about", table_name="order_exception")
    op.create_index("uq_order_exception_about", "order_exception", ["about"], unique=True)
    op.drop_column("line_credit", "is_of_return")
