"""Counts, count plans and inventory reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NATURAL = sa.Text(collation="natural_order")


def upgrade() -> None:
    _create_counts()
    _create_plans()
    _create_reports()


def downgrade() -> None:
    op.drop_table("inventory_correction")
    op.drop_table("inventory_line")
    op.drop_table("inventory_report")
    op.drop_table("count_plan")
    op.drop_table("stock_count_entry")
    op.drop_table("stock_count_line")
    op.drop_table("stock_count")
    op.drop_table("count_setting")
    op.execute(sa.schema.DropSequence(sa.Sequence("count_number")))


def _create_counts() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("count_number", start=100001)))
    op.create_table(
        "count_setting",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("tolerance_percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("cost_tolerances", postgresql.JSONB(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_count_setting")),
    )
    op.create_table(
        "stock_count",
        sa.Column("count_id", sa.Text(), nullable=False),
        sa.Column(
            "number",
            _NATURAL,
            server_default=sa.text("'CT-' || nextval('count_number')"),
            nullable=False,
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text()),
        sa.Column("plan_id", sa.Text()),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("tolerance_percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("cost_tolerances", postgresql.JSONB(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("approved_by", sa.Text()),
        sa.Column("approval_reason", sa.Text()),
        sa.Column("posted_on", sa.Date()),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("posted_by", sa.Text()),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_by", sa.Text()),
        sa.Column("cancel_reason", sa.Text()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'counted', 'approved', 'posted', 'cancelled')",
            name=op.f("ck_stock_count_status"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.place_id"], name=op.f("fk_stock_count_place_id_place")
        ),
        sa.PrimaryKeyConstraint("count_id", name=op.f("pk_stock_count")),
        sa.UniqueConstraint("number", name=op.f("uq_stock_count_number")),
    )
    op.create_index("ix_stock_count_plan", "stock_count", ["plan_id"])
    op.create_table(
        "stock_count_line",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("count_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("value_class", sa.Text()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("counted", sa.Numeric(13, 3)),
        sa.Column("counted_on", sa.Date()),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.Column("counted_by", sa.Text()),
        sa.Column("recount_reason", sa.Text()),
        sa.Column("approved", sa.Numeric(13, 3)),
        sa.Column("expected", sa.Numeric(13, 3)),
        sa.Column("moved_since", sa.Numeric(13, 3)),
        sa.Column("unit_cost", sa.Numeric(19, 6)),
        sa.Column("currency", sa.Text()),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_line_counted")),
        sa.ForeignKeyConstraint(
            ["count_id"],
            ["stock_count.count_id"],
            name=op.f("fk_stock_count_line_count_id_stock_count"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.product_id"],
            name=op.f("fk_stock_count_line_product_id_product"),
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_stock_count_line")),
        sa.UniqueConstraint("count_id", "product_id", name="uq_stock_count_line_product"),
    )
    op.create_index(op.f("ix_stock_count_line_count_id"), "stock_count_line", ["count_id"])
    op.create_index(op.f("ix_stock_count_line_product_id"), "stock_count_line", ["product_id"])
    op.create_table(
        "stock_count_entry",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("count_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("counted", sa.Numeric(13, 3), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"],
            ["stock_count.count_id"],
            name=op.f("fk_stock_count_entry_count_id_stock_count"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["stock_count_line.line_id"],
            name=op.f("fk_stock_count_entry_line_id_stock_count_line"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_stock_count_entry")),
    )
    op.create_index(op.f("ix_stock_count_entry_count_id"), "stock_count_entry", ["count_id"])


def _create_plans() -> None:
    op.create_table(
        "count_plan",
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text()),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("a_percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("b_percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("a_days", sa.BigInteger()),
        sa.Column("b_days", sa.BigInteger()),
        sa.Column("c_days", sa.BigInteger()),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("lines_per_day", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("parked_on", sa.Date()),
        sa.Column("parked_reason", sa.Text()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'paused')", name=op.f("ck_count_plan_status")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.place_id"], name=op.f("fk_count_plan_place_id_place")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_count_plan")),
        sa.UniqueConstraint("name", name=op.f("uq_count_plan_name")),
    )


def _create_reports() -> None:
    op.create_table(
        "inventory_report",
        sa.Column("inventory_report_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_report_id", sa.Text()),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["previous_report_id"],
            ["inventory_report.inventory_report_id"],
            name=op.f("fk_inventory_report_previous_report_id_inventory_report"),
        ),
        sa.PrimaryKeyConstraint("inventory_report_id", name=op.f("pk_inventory_report")),
        sa.UniqueConstraint("month", name=op.f("uq_inventory_report_month")),
    )
    _create_lines()
    op.create_table(
        "inventory_correction",
        sa.Column("inventory_report_id", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("corrects", sa.Date()),
        sa.Column("quantity", sa.Numeric(19, 3), nullable=False),
        sa.ForeignKeyConstraint(
            ["inventory_report_id", "line"],
            ["inventory_line.inventory_report_id", "inventory_line.position"],
            name=op.f("fk_inventory_correction_inventory_report_id_inventory_line"),
        ),
        sa.PrimaryKeyConstraint(
            "inventory_report_id", "line", "position", name=op.f("pk_inventory_correction")
        ),
    )


def _create_lines() -> None:
    amounts = (
        *("opening", "receipts", "shipments", "returns", "scrap", "transfers"),
        *("corrections", "should_be", "variance", "on_hand"),
    )
    op.create_table(
        "inventory_line",
        sa.Column("inventory_report_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        *[sa.Column(name, sa.Numeric(19, 3), nullable=False) for name in amounts],
        sa.Column("unit_cost", sa.Numeric(19, 6), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("variance_value", sa.BigInteger(), nullable=False),
        sa.Column("last_counted", sa.Numeric(13, 3)),
        sa.Column("last_counted_on", sa.Date()),
        sa.Column("last_counted_by", sa.Text()),
        sa.Column("last_count", sa.Text()),
        sa.ForeignKeyConstraint(
            ["inventory_report_id"],
            ["inventory_report.inventory_report_id"],
            name=op.f("fk_inventory_line_inventory_report_id_inventory_report"),
        ),
        sa.PrimaryKeyConstraint("inventory_report_id", "position", name=op.f("pk_inventory_line")),
    )
    op.create_index("ix_inventory_line_product", "inventory_line", ["product_id", "place_id"])
