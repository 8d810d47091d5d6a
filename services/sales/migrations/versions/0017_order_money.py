"""What is billed of order lines, what billing is asked to bill, and what was undone of orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
QUANTITY = sa.Numeric(13, 3)


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _quantity(name: str = "quantity") -> sa.Column[object]:
    return sa.Column(name, QUANTITY, nullable=False)


def _index(table: str, *names: str) -> None:
    for name in names:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def upgrade() -> None:
    _create_billed()
    _create_order_bills()
    _create_exceptions()


def _create_billed() -> None:
    op.create_table(
        "billed_invoice",
        *_text("invoice_id"),
        *_text("number", "order_id", "shipment_id", nullable=True),
        _flag("is_void"),
        _flag("is_paid"),
        sa.Column("settled_version", sa.BigInteger(), server_default="0", nullable=False),
        *_text("account_id"),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_billed_invoice")),
    )
    _index("billed_invoice", "account_id", "order_id")
    op.create_table(
        "billed_line",
        *_text("invoice_id"),
        _whole("position"),
        *_text("line_id"),
        _quantity(),
        sa.PrimaryKeyConstraint("invoice_id", "position", name=op.f("pk_billed_line")),
    )
    _index("billed_line", "line_id")
    op.create_table(
        "line_credit",
        *_text("credit_note_id"),
        _whole("place"),
        *_text("invoice_id", "line_id"),
        _quantity(),
        sa.PrimaryKeyConstraint("credit_note_id", "place", name=op.f("pk_line_credit")),
    )
    _index("line_credit", "invoice_id", "line_id")
    op.create_table(
        "void_credit",
        *_text("credit_note_id"),
        sa.PrimaryKeyConstraint("credit_note_id", name=op.f("pk_void_credit")),
    )
    op.create_table(
        "line_return",
        *_text("return_id"),
        _whole("part"),
        *_text("line_id"),
        _quantity(),
        sa.PrimaryKeyConstraint("return_id", "part", "line_id", name=op.f("pk_line_return")),
    )
    _index("line_return", "line_id")


def _create_order_bills() -> None:
    op.create_table(
        "order_bill",
        *_text("bill_id", "order_id", "order_number"),
        *_text("client_order_number", nullable=True),
        *_text("currency", "kind", "status"),
        *_text("shipment_id", "invoice_id", "invoice_number", "code", "reason", nullable=True),
        sa.Column("percent", sa.Numeric(6, 3), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        *_text("created_by"),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_text("ended_by", nullable=True),
        *_text("account_id"),
        _whole("version"),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_order_bill")),
    )
    _index("order_bill", "account_id", "invoice_id", "order_id")
    op.create_table(
        "order_bill_line",
        *_text("bill_id", "line_id"),
        _whole("position"),
        _quantity(),
        sa.PrimaryKeyConstraint("bill_id", "line_id", name=op.f("pk_order_bill_line")),
        sa.ForeignKeyConstraint(
            ["bill_id"], ["order_bill.bill_id"], name=op.f("fk_order_bill_line_bill_id")
        ),
    )
    _index("order_bill_line", "line_id")


def _create_exceptions() -> None:
    op.execute("CREATE SEQUENCE order_exception_number START 100001")
    number = "'OX-' || nextval('order_exception_number')"
    op.create_table(
        "order_exception",
        *_text("exception_id"),
        sa.Column(
            "number",
            sa.Text(collation="natural_order"),
            server_default=sa.text(number),
            nullable=False,
        ),
        *_text("order_id", "order_number", "currency", "kind", "about", "about_number"),
        *_text("shipment_id", nullable=True),
        sa.Column("raised_at", INSTANT, nullable=False),
        *_text("settled_as", "settle_reason", nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        *_text("settled_by", nullable=True),
        *_text("account_id"),
        _whole("version"),
        sa.PrimaryKeyConstraint("exception_id", name=op.f("pk_order_exception")),
        sa.UniqueConstraint("number", name=op.f("uq_order_exception_number")),
    )
    _index("order_exception", "account_id", "order_id")
    op.create_index("uq_order_exception_about", "order_exception", ["about"], unique=True)
    op.create_table(
        "order_exception_line",
        *_text("exception_id", "line_id"),
        _whole("position"),
        _quantity(),
        sa.Column("left", QUANTITY, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("exception_id", "line_id", name=op.f("pk_order_exception_line")),
        sa.ForeignKeyConstraint(
            ["exception_id"],
            ["order_exception.exception_id"],
            name=op.f("fk_order_exception_line_exception_id"),
        ),
    )
    _index("order_exception_line", "line_id")


def downgrade() -> None:
    for name in ("order_exception_line", "order_exception", "order_bill_line", "order_bill"):
        op.drop_table(name)
    op.execute("DROP SEQUENCE order_exception_number")
    for name in ("line_return", "void_credit", "line_credit", "billed_line", "billed_invoice"):
        op.drop_table(name)
