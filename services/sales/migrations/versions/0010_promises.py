"""Promises that were moved, what is late, and who we are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("company_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("addresses", JSONB(), nullable=False),
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
    op.create_table(
        "promise_settings",
        sa.Column("settings_id", sa.Text(), nullable=False),
        sa.Column("lead_days", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("settings_id", name=op.f("pk_promise_settings")),
    )
    _create_moves()
    _create_late_shipments()
    op.create_index(
        "ix_order_line_promised_on",
        "order_line",
        ["promised_on"],
        postgresql_where=sa.text("quantity > shipped + cancelled"),
    )


def _create_moves() -> None:
    op.create_table(
        "promise_move",
        sa.Column("move_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.order_id"], name=op.f("fk_promise_move_order_id_order")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.line_id"], name=op.f("fk_promise_move_line_id_order_line")
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_promise_move")),
    )
    for name in ("account_id", "order_id", "line_id"):
        op.create_index(op.f(f"ix_promise_move_{name}"), "promise_move", [name])


def _create_late_shipments() -> None:
    texts = [
        *("late_shipment_id", "account_id", "order_id", "order_number", "line_id", "sku"),
        *("description", "reason", "sentence", "status"),
    ]
    op.create_table(
        "late_shipment",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(13, 3), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.order_id"], name=op.f("fk_late_shipment_order_id_order")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.line_id"], name=op.f("fk_late_shipment_line_id_order_line")
        ),
        sa.PrimaryKeyConstraint("late_shipment_id", name=op.f("pk_late_shipment")),
    )
    op.create_index(op.f("ix_late_shipment_account_id"), "late_shipment", ["account_id"])
    unique = ["line_id", "promised_on"]
    op.create_index("uq_late_shipment_promise", "late_shipment", unique, unique=True)
    op.create_index(
        "ix_late_shipment_standing",
        "late_shipment",
        ["order_id"],
        postgresql_where=sa.text("status IN ('due', 'told')"),
    )
    by = ["promised_on", "late_shipment_id"]
    op.create_index("ix_late_shipment_promised_on", "late_shipment", by)


def downgrade() -> None:
    op.drop_index("ix_order_line_promised_on", "order_line")
    for table in ("late_shipment", "promise_move", "promise_settings", "logo", "company"):
        op.drop_table(table)
