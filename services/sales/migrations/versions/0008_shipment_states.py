"""Shipments that have not left yet, and how much less or more than was ordered may be shipped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EXACT = "shipped + cancelled <= quantity"
TOLERANT = "cancelled <= quantity AND shipped <= 2 * quantity"
GOING_OUT = "quantity > 0 AND shipped >= 0 AND cancelled >= 0 AND returned = 0"
COMING_BACK = (
    "quantity < 0 AND shipped = 0 AND cancelled <= 0 AND returned >= 0"
    " AND cancelled - returned >= quantity"
)
STEPS = ("assigned", "picked", "delivered", "cancelled")
TEXTS = ("received_by", "proof", "cancel_reason")
PLANNED = "status IN ('draft', 'assigned', 'picked')"


def upgrade() -> None:
    op.add_column("shipment", sa.Column("version", sa.BigInteger(), server_default="1"))
    op.add_column("shipment", sa.Column("status", sa.Text(), server_default="shipped"))
    op.add_column("shipment", sa.Column("drafted_at", sa.DateTime(timezone=True)))
    op.add_column("shipment", sa.Column("drafted_by", sa.Text()))
    op.execute("UPDATE shipment SET drafted_at = sent_at, drafted_by = sent_by")
    for name in ("version", "status", "drafted_at", "drafted_by"):
        op.alter_column("shipment", name, nullable=False, server_default=None)
    for step in STEPS:
        op.add_column("shipment", sa.Column(f"{step}_at", sa.DateTime(timezone=True)))
        op.add_column("shipment", sa.Column(f"{step}_by", sa.Text()))
    for name in TEXTS:
        op.add_column("shipment", sa.Column(name, sa.Text()))
    op.add_column("shipment", sa.Column("delivered_on", sa.Date()))
    where = sa.text(PLANNED)
    op.create_index("ix_shipment_planned", "shipment", ["order_id"], postgresql_where=where)
    op.create_index(op.f("ix_shipment_line_line_id"), "shipment_line", ["line_id"])
    op.create_index("ix_shipment_shipped_on", "shipment", ["shipped_on", "number"])
    _check_quantities(TOLERANT)
    for of, key in (("product", "product_id"), ("account", "account_id")):
        op.create_table(
            f"{of}_tolerance",
            sa.Column(key, sa.Text(), nullable=False),
            sa.Column("under", sa.Numeric(4, 3), nullable=False),
            sa.Column("over", sa.Numeric(4, 3), nullable=False),
            sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("changed_by", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{of}_tolerance")),
        )
    op.create_foreign_key(
        op.f("fk_product_tolerance_product_id_product"),
        "product_tolerance",
        "product",
        ["product_id"],
        ["product_id"],
    )


def downgrade() -> None:
    op.drop_table("account_tolerance")
    op.drop_table("product_tolerance")
    _check_quantities(EXACT)
    op.drop_index("ix_shipment_shipped_on", "shipment")
    op.drop_index(op.f("ix_shipment_line_line_id"), "shipment_line")
    op.drop_index("ix_shipment_planned", "shipment")
    op.drop_column("shipment", "delivered_on")
    for name in TEXTS:
        op.drop_column("shipment", name)
    for step in STEPS:
        op.drop_column("shipment", f"{step}_by")
        op.drop_column("shipment", f"{step}_at")
    for name in ("drafted_by", "drafted_at", "status", "version"):
        op.drop_column("shipment", name)


def _check_quantities(bound: str) -> None:
    condition = f"({GOING_OUT} AND {bound}) OR ({COMING_BACK})"
    op.drop_constraint(op.f("ck_order_line_quantities"), "order_line")
    op.create_check_constraint(op.f("ck_order_line_quantities"), "order_line", condition)
