"""Products that are kept in stock: their moves, levels and reservations, places and closed periods."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(13, 3)
SUM = sa.Numeric(16, 3)


def upgrade() -> None:
    """What is sold so far is not kept in stock, until somebody says so."""
    for name, kind, usual in (
        ("is_stocked", sa.Boolean(), sa.false()),
        ("unit", sa.Text(), "piece"),
        ("pack_size", QUANTITY, "1"),
    ):
        op.add_column("product", sa.Column(name, kind, server_default=usual, nullable=False))
    _make_places()
    _make_levels()
    _make_reservations()
    _make_moves()


def downgrade() -> None:
    for table in (
        *("stock_move", "stock_reservation", "stock_setting", "stock_level", "stock_period"),
        "place",
    ):
        op.drop_table(table)
    for name in ("is_stocked", "unit", "pack_size"):
        op.drop_column("product", name)


def _make_places() -> None:
    op.create_table(
        "place",
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(collation="natural_order"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
    )
    op.create_table(
        "stock_period",
        sa.Column("closed_to", sa.Date(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("closed_to", name=op.f("pk_stock_period")),
    )


def _make_levels() -> None:
    op.create_table(
        "stock_level",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("on_hand", SUM, nullable=False),
        sa.Column("reserved", SUM, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("average_cost", sa.Numeric(28, 9), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= on_hand", name=op.f("ck_stock_level_reserved")
        ),
        sa.CheckConstraint("on_hand >= 0 AND value >= 0", name=op.f("ck_stock_level_on_hand")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.product_id"], name=op.f("fk_stock_level_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_stock_level")),
    )


def _make_reservations() -> None:
    op.create_table(
        "stock_reservation",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("reserved", QUANTITY, nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("wanted_at", INSTANT, nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "quantity > 0 AND reserved >= 0 AND reserved <= quantity",
            name=op.f("ck_stock_reservation_reserved"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.product_id"], name=op.f("fk_stock_reservation_product_id")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_stock_reservation")),
    )
    for column in ("order_id", "product_id", "account_id"):
        op.create_index(op.f(f"ix_stock_reservation_{column}"), "stock_reservation", [column])
    op.create_index(
        "ix_stock_reservation_waiting",
        "stock_reservation",
        ["product_id", sa.text("promised_on NULLS LAST"), "wanted_at", "line_id"],
        postgresql_where=sa.text("reserved < quantity"),
    )
    op.create_table(
        "stock_setting",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reserves_at", sa.Text(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=True),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_stock_setting")),
    )


def _make_moves() -> None:
    op.create_table(
        "stock_move",
        sa.Column("move_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "quantity <> 0 AND (unit_cost IS NULL OR quantity > 0)",
            name=op.f("ck_stock_move_quantity"),
        ),
        sa.CheckConstraint(
            "(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_stock_move_done")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.product_id"], name=op.f("fk_stock_move_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.place_id"], name=op.f("fk_stock_move_place_id")
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_stock_move")),
        sa.UniqueConstraint("key", name=op.f("uq_stock_move_key")),
    )
    for column in ("product_id", "about"):
        op.create_index(op.f(f"ix_stock_move_{column}"), "stock_move", [column])
    op.create_index("ix_stock_move_moved_on", "stock_move", ["moved_on", "move_id"])
    op.create_index(
        "ix_stock_move_done",
        "stock_move",
        ["product_id", "moved_on"],
        postgresql_include=["quantity", "done_at", "place_id"],
        postgresql_where=sa.text("status = 'done'"),
    )
    op.create_index(
        "ix_stock_move_planned",
        "stock_move",
        ["product_id", "planned_on"],
        postgresql_where=sa.text("planned_on IS NOT NULL"),
    )
