"""Cases, their clocks, causes and targets, and the hours in which we work."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PARTIES = ("us", "client", "carrier", "supplier", "nobody")
_KINDS = ("complaint", "praise", "request", "technical")
_PRIORITIES = ("low", "normal", "high", "urgent")
_TIERS = ("key", "standard", "small")
_CLOCKS = ("first_response", "update", "solution")
_STATUSES = (
    "received",
    "acknowledged",
    "diagnosed",
    "proposed",
    "in_approval",
    "accepted",
    "executed",
    "confirmed",
    "closed",
    "waiting_for_client",
    "withdrawn",
    "duplicate",
)
_ABOUT = ("order", "order_line", "invoice", "shipment")
_OUTCOMES = ("upheld", "partly_upheld", "rejected")
_ACTIONS = (
    "acknowledge",
    "diagnose",
    "propose",
    "ask_approval",
    "approve",
    "refuse",
    "accept",
    "execute",
    "confirm",
    "close",
    "reopen",
    "withdraw",
    "mark_duplicate",
    "resolve_dispute",
    "wait",
    "resume",
    "note",
    "update",
    "prioritise",
    "reassign",
)
_USUAL_CAUSES = (
    ("cau_00000000000000000000000001", "Delivered late", "carrier"),
    ("cau_00000000000000000000000002", "Damaged on its way", "carrier"),
    ("cau_00000000000000000000000003", "Wrong goods sent", "us"),
    ("cau_00000000000000000000000004", "Wrong price or invoice", "us"),
    ("cau_00000000000000000000000005", "Wrong or missing information", "us"),
    ("cau_00000000000000000000000006", "How we treated them", "us"),
    ("cau_00000000000000000000000007", "Fault of the product", "supplier"),
    ("cau_00000000000000000000000008", "Used or ordered wrongly", "client"),
    ("cau_00000000000000000000000009", "None found", "nobody"),
)
_USUAL_WEEK = [
    {"weekday": weekday, "opens": "09:00", "closes": "17:00"}
    for weekday in ("monday", "tuesday", "wednesday", "thursday", "friday")
]


def upgrade() -> None:
    """Make the tables; causes begin with the usual ones, and our hours with the company's seat."""
    op.execute(sa.schema.CreateSequence(sa.Sequence("case_number")))
    op.create_table(
        "working_hours",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("week", postgresql.JSONB(), nullable=False),
        sa.Column("closed_days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("company_version", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_working_hours")),
    )
    op.create_table(
        "case_cause",
        sa.Column("case_cause_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("party", _choice("party", *_PARTIES), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_cause_id", name=op.f("pk_case_cause")),
        sa.UniqueConstraint("name", name=op.f("uq_case_cause_name")),
    )
    op.create_table(
        "case_target",
        sa.Column("kind", _choice("kind", *_KINDS), nullable=False),
        sa.Column("priority", _choice("priority", *_PRIORITIES), nullable=False),
        sa.Column("tier", _choice("tier", *_TIERS), nullable=False),
        sa.Column("first_response", sa.BigInteger(), nullable=True),
        sa.Column("update", sa.BigInteger(), nullable=True),
        sa.Column("solution", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "priority", "tier", name=op.f("pk_case_target")),
    )
    op.create_table(
        "case_clock",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("clock", _choice("clock", *_CLOCKS), nullable=False),
        sa.Column("target_minutes", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_missed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "target_minutes > 0", name=op.f("ck_case_clock_target_minutes_positive")
        ),
        sa.PrimaryKeyConstraint("case_id", "clock", name=op.f("pk_case_clock")),
    )
    op.create_index(
        "ix_case_clock_due_at",
        "case_clock",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "case",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", _choice("kind", *_KINDS), nullable=False),
        sa.Column("priority", _choice("priority", *_PRIORITIES), nullable=False),
        sa.Column("tier", _choice("tier", *_TIERS), nullable=False),
        sa.Column("status", _choice("status", *_STATUSES), nullable=False),
        sa.Column("status_before", _choice("status_before", *_STATUSES), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("about_kind", _choice("about_kind", *_ABOUT), nullable=True),
        sa.Column("about_id", sa.Text(), nullable=True),
        sa.Column("about_number", sa.Text(), nullable=True),
        sa.Column("disputed_amount", sa.BigInteger(), nullable=True),
        sa.Column("disputed_currency", sa.Text(), nullable=True),
        sa.Column("dispute_outcome", _choice("dispute_outcome", *_OUTCOMES), nullable=True),
        sa.Column("staff_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("products", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("case_cause_id", sa.Text(), nullable=True),
        sa.Column("caused_by_id", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("duplicate_of_id", sa.Text(), nullable=True),
        sa.Column("confirmed_by_id", sa.Text(), nullable=True),
        sa.Column("satisfaction", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_reopened", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting_for_client') = (status_before IS NOT NULL)",
            name=op.f("ck_case_waits_from"),
        ),
        sa.CheckConstraint(
            "(about_kind IS NULL) = (about_id IS NULL)", name=op.f("ck_case_about_whole")
        ),
        sa.CheckConstraint("disputed_amount > 0", name=op.f("ck_case_disputed_amount_positive")),
        sa.CheckConstraint(
            "satisfaction BETWEEN 1 AND 5", name=op.f("ck_case_satisfaction_1_to_5")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_case_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_cause_id"], ["case_cause.case_cause_id"], name=op.f("fk_case_case_cause_id")
        ),
        sa.ForeignKeyConstraint(
            ["caused_by_id"], ["staff.staff_id"], name=op.f("fk_case_caused_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["contact.contact_id"], name=op.f("fk_case_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.contact_id"], name=op.f("fk_case_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["case.case_id"], name=op.f("fk_case_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.staff_id"], name=op.f("fk_case_owner_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
    )
    op.create_index("ix_case_account_id_about_id", "case", ["account_id", "about_id"], unique=False)
    op.create_index(op.f("ix_case_case_cause_id"), "case", ["case_cause_id"], unique=False)
    op.create_index(op.f("ix_case_owner_id"), "case", ["owner_id"], unique=False)
    op.create_index("ix_case_received_at", "case", ["received_at", "case_id"], unique=False)
    op.create_index(op.f("ix_case_status"), "case", ["status"], unique=False)
    op.create_table(
        "case_state",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("action", _choice("action", *_ACTIONS), nullable=True),
        sa.Column("status", _choice("status", *_STATUSES), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name=op.f("fk_case_state_case_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_case_state")),
    )
    op.create_index(op.f("ix_case_state_case_id"), "case_state", ["case_id"], unique=False)
    _add_usual_causes()
    _keep_seat()


def downgrade() -> None:
    """Forget cases, and our hours."""
    for table in ("case_state", "case_clock", "case", "case_cause", "case_target", "working_hours"):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("case_number")))


def _add_usual_causes() -> None:
    table = sa.table(
        "case_cause",
        sa.column("case_cause_id"),
        sa.column("name"),
        sa.column("party"),
        sa.column("version"),
    )
    op.bulk_insert(
        table,
        [
            {"case_cause_id": id_, "name": name, "party": party, "version": 1}
            for id_, name, party in _USUAL_CAUSES
        ],
    )


def _keep_seat() -> None:
    """The company's zone and country, where they are known: no clock of a case was judged before."""
    insert = sa.text(
        """
        INSERT INTO working_hours
            (version, effective_at, week, closed_days, country, time_zone, company_version, set_by)
        SELECT 1, '1900-01-01T00:00:00Z', CAST(:week AS jsonb), '{}', country, time_zone, version,
               'accounts'
        FROM company
        """
    )
    op.execute(insert.bindparams(week=json.dumps(_USUAL_WEEK)))


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
