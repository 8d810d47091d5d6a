"""Returns: asked for, in parts, inspected and answered; orders in their place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TEXT, MOMENT, QUANTITY = sa.Text(), sa.DateTime(timezone=True), sa.Numeric(13, 3)
WHOLE = sa.BigInteger()
NATURAL = sa.Text(collation="natural_order")
SEQUENCE = sa.Sequence("return_number", start=100001)


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(SEQUENCE))
    op.create_table(
        "return",
        sa.Column("return_id", TEXT, primary_key=True),
        sa.Column(
            "number",
            NATURAL,
            server_default=sa.text("'RT-' || nextval('return_number')"),
            nullable=False,
            unique=True,
        ),
        sa.Column("account_id", TEXT, nullable=False, index=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("order_id", TEXT, sa.ForeignKey("order.order_id"), nullable=False, index=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("order_number", "currency")),
        sa.Column("cause", TEXT, unique=True),
        *(sa.Column(name, TEXT, index=True) for name in ("for_order_id", "remedy_id")),
        *(sa.Column(name, TEXT, nullable=False) for name in ("resolution", "reason", "status")),
        sa.Column("expires_on", sa.Date()),
        sa.Column("waits_for", TEXT),
        sa.Column("waits_since", MOMENT),
        *(sa.Column(name, TEXT) for name in ("carrier", "tracking_number")),
        sa.Column("sent_on", sa.Date()),
        sa.Column("lowered", JSONB, server_default=sa.text("'[]'"), nullable=False),
        *(sa.Column(name, TEXT) for name in ("problem", "contact_reason")),
        sa.Column("contact_version", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("requested_by", TEXT, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_return_waiting", "return", ["waits_for", "waits_since"])
    op.create_index("ix_return_requested_on", "return", ["requested_on", "number"])
    _create_lines()
    _create_parts()
    op.create_table(
        "refused_remedy",
        sa.Column("remedy_id", TEXT, primary_key=True),
        sa.Column("account_id", TEXT, nullable=False, index=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("code", "reason")),
        sa.Column("refused_at", MOMENT, nullable=False),
    )
    op.add_column("order", sa.Column("replaces_return_id", TEXT, nullable=True))
    op.create_index("ix_order_replaces_return_id", "order", ["replaces_return_id"])


def downgrade() -> None:
    op.drop_index("ix_order_replaces_return_id", "order")
    op.drop_column("order", "replaces_return_id")
    for table in (
        "refused_remedy",
        "return_credit_note",
        "return_answer",
        "return_part_line",
        "return_part",
        "return_step",
        "return_line",
        "return",
    ):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(SEQUENCE))


def _create_lines() -> None:
    amounts = ("asked", "dropped", "received", "restocked", "scrapped", "rejected", "answered")
    op.create_table(
        "return_line",
        _return_id(),
        sa.Column(
            "line_id", TEXT, sa.ForeignKey("order_line.line_id"), primary_key=True, index=True
        ),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("for_line_id", TEXT),
        sa.Column("is_unsold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("unit_price", WHOLE),
        *(sa.Column(name, QUANTITY, nullable=False) for name in (*amounts, "credited", "replaced")),
        sa.CheckConstraint(
            "asked > 0 AND dropped >= 0 AND dropped + received <= asked",
            name=op.f("ck_return_line_asked"),
        ),
        sa.CheckConstraint(
            "restocked >= 0 AND scrapped >= 0 AND rejected >= 0"
            " AND restocked + scrapped + rejected <= received",
            name=op.f("ck_return_line_inspected"),
        ),
        sa.CheckConstraint(
            "credited >= 0 AND replaced >= 0 AND credited + replaced <= answered"
            " AND answered <= restocked + scrapped",
            name=op.f("ck_return_line_answered"),
        ),
    )
    op.create_table(
        "return_step",
        _return_id(),
        sa.Column("position", WHOLE, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("action", "status")),
        sa.Column("event", TEXT),
        sa.Column("part", WHOLE),
        *(sa.Column(name, TEXT) for name in ("about", "note")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
    )


def _create_parts() -> None:
    op.create_table(
        "return_part",
        _return_id(),
        sa.Column("part", WHOLE, primary_key=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by", TEXT, nullable=False),
        sa.Column("place_id", TEXT),
        sa.Column("inspections", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("inspected_at", MOMENT),
        *(sa.Column(name, TEXT) for name in ("inspected_by", "note", "answer")),
    )
    op.create_table(
        "return_part_line",
        *_key_of_part("return_part_line"),
        sa.Column("line_id", TEXT, sa.ForeignKey("order_line.line_id"), primary_key=True),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("received", QUANTITY, nullable=False),
        *(
            sa.Column(name, QUANTITY, server_default=sa.text("0"), nullable=False)
            for name in ("restocked", "scrapped", "rejected")
        ),
        sa.CheckConstraint(
            "restocked >= 0 AND scrapped >= 0 AND rejected >= 0"
            " AND restocked + scrapped + rejected IN (0, received)",
            name=op.f("ck_return_part_line_inspected"),
        ),
    )
    op.create_table(
        "return_answer",
        *_key_of_part("return_answer"),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("fee_percent", sa.Numeric(6, 3), server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, TEXT) for name in ("order_id", "problem")),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("answered_by", TEXT, nullable=False),
        sa.Column("settled_at", MOMENT),
    )
    op.create_table(
        "return_credit_note",
        sa.Column("credit_note_id", TEXT, primary_key=True),
        sa.Column("return_id", TEXT, nullable=False, index=True),
        sa.Column("part", WHOLE, nullable=False),
        sa.Column("number", TEXT),
        sa.Column("is_void", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def _return_id() -> sa.Column[str]:
    return sa.Column("return_id", TEXT, sa.ForeignKey("return.return_id"), primary_key=True)


def _key_of_part(table: str) -> list[sa.schema.SchemaItem]:
    part = ["return_id", "part"]
    return [
        sa.Column("return_id", TEXT, primary_key=True),
        sa.Column("part", WHOLE, primary_key=True),
        sa.ForeignKeyConstraint(
            part, [f"return_part.{name}" for name in part], name=op.f(f"fk_{table}_return_id")
        ),
    ]
