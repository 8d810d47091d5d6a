"""What is charged once, by use, or again and again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspension",
        sa.Column("suspension_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("suspended_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "charge",
        sa.Column("charge_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("kind", "status", "description", "currency")
        ),
        sa.Column("tax_percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("exemption_reason", sa.Text(), nullable=True),
        sa.Column("client_order_number", sa.Text(), nullable=True),
        sa.Column("every", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("unit", "anchor", "timing")),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("agreed", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("paused", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("recorded_until", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        *_recorded(),
        sa.CheckConstraint("(kind = 'one_off') = (unit IS NULL)", name=op.f("ck_charge_kind")),
    )
    op.create_index(
        op.f("ix_charge_next_on"),
        "charge",
        ["next_on", "charge_id"],
        postgresql_where=sa.text("next_on IS NOT NULL"),
    )
    op.create_table(
        "charge_change",
        _charge(is_key=True),
        sa.Column("version", sa.BigInteger(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        *_price(),
        sa.Column("suspension_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_recorded(),
    )
    op.create_table(
        "charge_part",
        sa.Column("key", sa.Text(), sa.ForeignKey("billable.key"), primary_key=True),
        _charge(is_key=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *_price(),
        sa.Column("times", sa.BigInteger(), nullable=False),
    )
    op.create_index(op.f("ix_charge_part_charge_id"), "charge_part", ["charge_id", "first"])
    op.create_table(
        "charge_usage",
        sa.Column("usage_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        _charge(is_key=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(13, 3), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        *_recorded(),
        sa.UniqueConstraint(
            "charge_id", "external_id", name=op.f("uq_charge_usage_charge_id_external_id")
        ),
    )
    op.create_index(op.f("ix_charge_usage_used_on"), "charge_usage", ["charge_id", "used_on"])


def downgrade() -> None:
    for table in ("charge_usage", "charge_part", "charge_change", "charge", "suspension"):
        op.drop_table(table)


def _charge(*, is_key: bool) -> sa.Column[str]:
    return sa.Column(
        "charge_id",
        sa.Text(),
        sa.ForeignKey("charge.charge_id"),
        primary_key=is_key,
        nullable=False,
    )


def _price() -> tuple[sa.Column[int], sa.Column[object]]:
    return (
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(13, 3), nullable=False),
    )


def _recorded() -> tuple[sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
