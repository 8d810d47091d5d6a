"""What else is known of clients: families, consents, notes, who gets invoices, which documents hold
business, who knows an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LEAD = "uq_account_lead_id"
PARENT = "fk_account_parent_id_account"
# Documents that are known already are looked at from their first reminder on.
DOCUMENTS_DUE = """
    INSERT INTO due_time (name, key, at, data)
    SELECT 'document_due', checklist_item_id,
           (expires_on - 30 + time '05:10') AT TIME ZONE 'UTC',
           json_build_object('checklist_item_id', checklist_item_id)::text
    FROM checklist_item JOIN account USING (account_id)
    WHERE expires_on IS NOT NULL AND waived_at IS NULL AND status <> 'closed'
    ORDER BY expires_on, checklist_item_id
"""


def upgrade() -> None:
    for column in _of_account():
        op.add_column("account", column)
    op.create_unique_constraint(LEAD, "account", ["lead_id"])
    op.create_foreign_key(PARENT, "account", "account", ["parent_id"], ["account_id"])
    op.create_index(op.f("ix_account_parent_id"), "account", ["parent_id"])
    _create_consents()
    _create_notes()
    _create_account_known()
    _extend_checklists()
    op.execute(DOCUMENTS_DUE)


def downgrade() -> None:
    op.execute("DELETE FROM due_time WHERE name IN ('document_due', 'account_known_due')")
    op.drop_index("ix_checklist_item_holding", "checklist_item")
    for name in ("file_media_type", "file_sha256", "collected_by", "holds_business"):
        op.drop_column("checklist_item", name)
    op.drop_column("onboarding_requirement", "holds_business")
    op.drop_table("account_known")
    op.drop_table("note_text")
    op.drop_table("note")
    op.drop_table("consent")
    op.drop_index(op.f("ix_account_parent_id"), "account")
    op.drop_constraint(PARENT, "account")
    op.drop_constraint(LEAD, "account")
    for column in reversed(_of_account()):
        op.drop_column("account", column.name)


def _create_consents() -> None:
    op.create_table(
        "consent",
        sa.Column("position", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("channel", _choice("channel", "email", "post", "phone"), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("consent", "account_id", "account"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_account_id"), "consent", ["account_id"])


def _create_notes() -> None:
    op.create_table(
        "note",
        sa.Column("note_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrections", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        _foreign_key("note", "account_id", "account"),
        _foreign_key("note", "contact_id", "contact"),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note")),
    )
    order = ["account_id", "is_pinned", "noted_at", "note_id"]
    op.create_index("ix_note_in_order", "note", order)
    op.create_table(
        "note_text",
        sa.Column("note_id", sa.Text(), nullable=False),
        sa.Column("correction", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("note_text", "note_id", "note"),
        sa.PrimaryKeyConstraint("note_id", "correction", name=op.f("pk_note_text")),
    )


def _create_account_known() -> None:
    op.create_table(
        "account_known",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=False),
        sa.Column("account_version", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("account_known", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", "known_by", name=op.f("pk_account_known")),
    )


def _extend_checklists() -> None:
    for table in ("onboarding_requirement", "checklist_item"):
        op.add_column(
            table,
            sa.Column("holds_business", sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    for name in ("collected_by", "file_sha256", "file_media_type"):
        op.add_column("checklist_item", sa.Column(name, sa.Text(), nullable=True))
    op.create_index(
        "ix_checklist_item_holding",
        "checklist_item",
        ["account_id", "expires_on"],
        postgresql_where=sa.text("holds_business"),
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign_key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.{column}"], name=name)


def _of_account() -> list[sa.Column]:
    return [
        sa.Column("consents", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("order_number_required", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column(
            "invoice_recipients",
            postgresql.ARRAY(sa.String(40)),
            nullable=False,
            server_default=sa.text("'{}'"),
        ),
        sa.Column("opening_hours", postgresql.JSONB(), nullable=True),
        sa.Column("is_held_for_documents", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("lead_id", sa.Text(), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("is_paid_by_parent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_credit_group", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("payer_id", sa.Text(), nullable=True),
        sa.Column("credit_group_id", sa.Text(), nullable=True),
    ]
