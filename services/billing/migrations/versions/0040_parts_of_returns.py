"""Returns that come back in several parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("credit_note", sa.Column("return_part", sa.BigInteger(), nullable=True))
    op.execute("UPDATE credit_note SET return_part = 1 WHERE return_id IS NOT NULL")
    op.create_check_constraint(
        op.f("ck_credit_note_return_part"),
        "credit_note",
        "(return_id IS NULL) = (return_part IS NULL)",
    )
    _index_returns("return_id", "return_part", "invoice_id")
    op.drop_constraint("fk_returned_line_return_id", "returned_line", type_="foreignkey")
    for table in ("accepted_return", "returned_line"):
        part = sa.Column("part", sa.BigInteger(), server_default=sa.text("1"), nullable=False)
        op.add_column(table, part)
    _key("accepted_return", "return_id", "part")
    _key("returned_line", "return_id", "part", "order_line_id")
    op.create_foreign_key(
        op.f("fk_returned_line_return_id_part"),
        "returned_line",
        "accepted_return",
        ["return_id", "part"],
        ["return_id", "part"],
    )


def downgrade() -> None:
    op.drop_constraint("fk_returned_line_return_id_part", "returned_line", type_="foreignkey")
    for table in ("returned_line", "accepted_return"):
        op.execute(f"DELETE FROM {table} WHERE part > 1")  # noqa: S608
        op.drop_constraint(f"pk_{table}", table, type_="primary")
        op.drop_column(table, "part")
    op.create_primary_key("pk_accepted_return", "accepted_return", ["return_id"])
    op.create_primary_key("pk_returned_line", "returned_line", ["return_id", "order_line_id"])
    op.create_foreign_key(
        op.f("fk_returned_line_return_id"),
        "returned_line",
        "accepted_return",
        ["return_id"],
        ["return_id"],
    )
    _index_returns("return_id", "invoice_id")
    op.drop_constraint("ck_credit_note_return_part", "credit_note", type_="check")
    op.drop_column("credit_note", "return_part")


def _key(table: str, *columns: str) -> None:
    op.drop_constraint(f"pk_{table}", table, type_="primary")
    op.create_primary_key(f"pk_{table}", table, list(columns))


def _index_returns(*columns: str) -> None:
    op.drop_index("uq_credit_note_return_id", "credit_note")
    op.create_index(
        "uq_credit_note_return_id",
        "credit_note",
        list(columns),
        unique=True,
        postgresql_where=sa.text("voided_on IS NULL AND return_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
