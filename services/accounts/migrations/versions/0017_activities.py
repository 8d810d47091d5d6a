"""Activities and their series, inbound calls, and several phone numbers for a contact."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = ("call", "visit", "meeting", "email", "letter")
OUTCOMES = (
    *("reached", "agreed", "wants_offer", "no_decision", "complained"),
    *("left_message", "not_reached", "other", "not_held"),
)
STATUSES = ("planned", "held", "not_held", "rescheduled", "cancelled")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Kind, outcome, what is done, kind of the next, business days, from when.
FOLLOW_UPS = (
    ("call", "not_reached", "created", "call", 1, "today"),
    ("call", "left_message", "created", "call", 2, "today"),
    ("call", "wants_offer", "suggested", "call", 3, "today"),
    ("visit", "wants_offer", "suggested", "call", 3, "today"),
    ("meeting", "wants_offer", "suggested", "call", 3, "today"),
    ("email", "wants_offer", "suggested", "call", 3, "today"),
    ("call", "no_decision", "suggested", "call", 5, "today"),
    ("visit", "no_decision", "suggested", "call", 5, "today"),
    ("meeting", "no_decision", "suggested", "call", 5, "today"),
    ("call", "complained", "created", "call", 1, "today"),
    ("visit", "complained", "created", "call", 1, "today"),
    ("meeting", "complained", "created", "call", 1, "today"),
    ("visit", "not_held", "created", "call", 1, "planned"),
    ("meeting", "not_held", "created", "call", 1, "planned"),
    ("call", "not_held", "created", "call", 1, "planned"),
)
CALLBACK_MINUTES = {"key": 60, "standard": 240, "small": 480}
PHONES = """
    UPDATE contact SET phones = jsonb_build_array(jsonb_build_object('kind', 'office', 'number', phone))
    WHERE phone IS NOT NULL
"""


def upgrade() -> None:
    _add_phones()
    _create_activities()
    _create_series()
    _create_follow_ups()
    _create_calls()


def downgrade() -> None:
    for table in ("callback_time", "call", "follow_up_rule", "activity_series"):
        op.drop_table(table)
    op.drop_table("activity_wording")
    op.drop_table("activity")
    op.drop_index("ix_contact_phones", "contact")
    op.drop_column("contact", "phones")


def _add_phones() -> None:
    empty = sa.text("'[]'")
    op.add_column(
        "contact", sa.Column("phones", postgresql.JSONB(), nullable=False, server_default=empty)
    )
    op.execute(PHONES)
    op.create_index(
        "ix_contact_phones",
        "contact",
        ["phones"],
        postgresql_using="gin",
        postgresql_ops={"phones": "jsonb_path_ops"},
    )


def _create_activities() -> None:
    op.create_table(
        "activity",
        _text("activity_id"),
        _text("account_id"),
        _choice("kind", *KINDS),
        _choice("direction", "in", "out"),
        _choice("status", *STATUSES),
        _text("subject"),
        _text("owner_id"),
        sa.Column("contact_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        _moment("at"),
        _whole("minutes"),
        _moment("planned_at", nullable=True),
        _choice("outcome", *OUTCOMES, nullable=True),
        *(_text(name, nullable=True) for name in ("note", "promise", "reason")),
        *(_text(name, nullable=True) for name in ("planned_by", "closed_by")),
        _moment("closed_at", nullable=True),
        *(_text(name, nullable=True) for name in ("rescheduled_from_id", "rescheduled_to_id")),
        *(_text(name, nullable=True) for name in ("follows_id", "series_id")),
        sa.Column("series_on", sa.Date(), nullable=True),
        _whole("version"),
        sa.PrimaryKeyConstraint("activity_id", name="pk_activity"),
        _refers("activity", "account_id", "account.account_id"),
        _refers("activity", "owner_id", "staff.staff_id"),
        _refers("activity", "rescheduled_from_id", "activity.activity_id"),
        _refers("activity", "follows_id", "activity.activity_id"),
    )
    op.create_index("ix_activity_account_id_at", "activity", ["account_id", "at"])
    op.create_index("ix_activity_owner_id_at", "activity", ["owner_id", "at"])
    op.create_index("ix_activity_at", "activity", ["at", "activity_id"])
    promised = sa.text("promise <> ''")
    op.create_index(
        "ix_activity_promise", "activity", ["account_id", "at"], postgresql_where=promised
    )
    op.create_index(
        "uq_activity_series_planned",
        "activity",
        ["series_id"],
        unique=True,
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.create_table(
        "activity_wording",
        sa.Column("position", sa.BigInteger(), sa.Identity(), nullable=False),
        _text("activity_id"),
        _text("account_id"),
        _choice("outcome", *OUTCOMES),
        *(_text(name, nullable=True) for name in ("note", "promise")),
        _moment("at"),
        _whole("minutes"),
        sa.Column("contact_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("worded_by"),
        _moment("worded_at"),
        sa.PrimaryKeyConstraint("position", name="pk_activity_wording"),
        _refers("activity_wording", "activity_id", "activity.activity_id"),
    )
    op.create_index("ix_activity_wording_activity_id", "activity_wording", ["activity_id"])


def _create_series() -> None:
    op.create_table(
        "activity_series",
        _text("series_id"),
        _text("account_id"),
        _choice("kind", *KINDS),
        _text("subject"),
        _text("owner_id", nullable=True),
        sa.Column("contact_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        _whole("minutes"),
        sa.Column("time_of_day", sa.Time(), nullable=False),
        _whole("every"),
        _choice("unit", "weeks", "months"),
        _choice("weekday", *WEEKDAYS, nullable=True),
        _whole("day_of_month", nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        _text("begun_by"),
        _text("ended_by", nullable=True),
        _moment("ended_at", nullable=True),
        _whole("version"),
        sa.PrimaryKeyConstraint("series_id", name="pk_activity_series"),
        _refers("activity_series", "account_id", "account.account_id"),
        _refers("activity_series", "owner_id", "staff.staff_id"),
    )
    op.create_index("ix_activity_series_account_id", "activity_series", ["account_id"])


def _create_follow_ups() -> None:
    rule = op.create_table(
        "follow_up_rule",
        _choice("kind", *KINDS),
        _choice("outcome", *OUTCOMES),
        _choice("way", "suggested", "created"),
        _choice("next_kind", *KINDS),
        _whole("delay_days"),
        _choice("counted_from", "today", "planned"),
        sa.PrimaryKeyConstraint("kind", "outcome", name="pk_follow_up_rule"),
    )
    names = ("kind", "outcome", "way", "next_kind", "delay_days", "counted_from")
    op.bulk_insert(rule, [dict(zip(names, row, strict=True)) for row in FOLLOW_UPS])


def _create_calls() -> None:
    op.create_table(
        "call",
        _text("call_id"),
        *(_text(name, nullable=True) for name in ("account_id", "contact_id", "phone")),
        _moment("rung_at"),
        _moment("answered_at", nullable=True),
        _text("staff_id", nullable=True),
        _whole("minutes", nullable=True),
        *(_moment(name, nullable=True) for name in ("due_at", "called_back_at")),
        _text("called_back_by", nullable=True),
        _text("recorded_by"),
        _moment("recorded_at"),
        _text("assigned_by", nullable=True),
        _moment("assigned_at", nullable=True),
        _whole("version"),
        sa.PrimaryKeyConstraint("call_id", name="pk_call"),
        _refers("call", "account_id", "account.account_id"),
        _refers("call", "contact_id", "contact.contact_id"),
        _refers("call", "staff_id", "staff.staff_id"),
    )
    op.create_index("ix_call_account_id_rung_at", "call", ["account_id", "rung_at"])
    op.create_index("ix_call_rung_at", "call", ["rung_at", "call_id"])
    unknown = sa.text("account_id IS NULL")
    op.create_index("ix_call_unknown", "call", ["rung_at", "call_id"], postgresql_where=unknown)
    waiting = sa.text("answered_at IS NULL AND called_back_at IS NULL")
    op.create_index("ix_call_to_call_back", "call", ["account_id"], postgresql_where=waiting)
    times = op.create_table(
        "callback_time",
        _choice("tier", "key", "standard", "small"),
        _whole("minutes"),
        sa.PrimaryKeyConstraint("tier", name="pk_callback_time"),
    )
    rows = [{"tier": tier, "minutes": minutes} for tier, minutes in CALLBACK_MINUTES.items()]
    op.bulk_insert(times, rows)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _choice(name: str, *values: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)


def _refers(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    whose = other.partition(".")[0]
    return sa.ForeignKeyConstraint([name], [other], name=f"fk_{table}_{name}_{whose}")
