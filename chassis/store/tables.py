"""The chassis' own tables, which every service's database has."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMING)
INSTANT = DateTime(timezone=True)

# An event to be announced, published in the order of `id`. `position` is its place on the wire, given by
# the one active relay, so that none appears late. `held_at` is when the broker last had no queue for it.
outbox = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("event_version", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("occurred_at", INSTANT, nullable=False),
    Column("data", Text, nullable=False),
    Column("sentence", Text, nullable=False, server_default=""),
    Column("request_id", Text),
    Column("trace", Text),
    Column("recorded_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("published_at", INSTANT),
    Column("position", BigInteger, unique=True),
    Column("held_at", INSTANT),
    Column("released_by", Text),
    Column("released_reason", Text),
    Index("ix_outbox_new", "id", postgresql_where=text("published_at IS NULL AND held_at IS NULL")),
    Index(
        "ix_outbox_held",
        "held_at",
        "id",
        postgresql_where=text("published_at IS NULL AND held_at IS NOT NULL"),
    ),
    Index("ix_outbox_published_at", "published_at"),
)

# How many events this service has announced about a thing. The row stays locked from an event's
# number to the commit, which makes the order of the numbers the order on the wire.
subject_sequence = Table(
    "subject_sequence",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

# An event that a handler has done, or that was parked for it.
inbox = Table(
    "inbox",
    METADATA,
    Column("event_id", Text, primary_key=True),
    Column("handler", Text, primary_key=True),
    Column("handled_at", INSTANT, nullable=False, server_default=text("now()")),
    Index("ix_inbox_handled_at", "handled_at"),
)

# The answer to a command, kept to be given again.
answers = Table(
    "answers",
    METADATA,
    Column("caller", Text, primary_key=True),
    Column("command_id", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("answer", Text),
    Column("answered_at", INSTANT, nullable=False, server_default=text("now()")),
    Index("ix_answers_answered_at", "answered_at"),
)

# A message that could not be handled: what was tried, why that was all, and what became of it. `sender`
# is the broker's user that published it. One that names no account is there only for those who see all.
parked = Table(
    "parked",
    METADATA,
    Column("parked_id", Text, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("event_id", Text),
    Column("handler", Text),
    Column("account_id", Text),
    Column("sender", Text),
    Column("body", LargeBinary, nullable=False),
    Column("why", Text, nullable=False, server_default="failed"),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", Text, nullable=False, server_default="parked"),
    Column("parked_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("settled_at", INSTANT),
    Column("settled_by", Text),
    Column("settled_reason", Text),
    Index("ix_parked_status", "status", "parked_id"),
    Index("ix_parked_event_id", "event_id"),
)

# A daily job's last business day.
daily_job = Table(
    "daily_job",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("last_day", Date, nullable=False),
)

# One kind of things that one listener is told of, in the order of their keys: all of them, or those after
# `first` up to `last`. `done` is the key of the last one told, so that it goes on where it broke off;
# `problem` is why it ended before all were told.
introduction = Table(
    "introduction",
    METADATA,
    Column("introduction_id", Text, primary_key=True),
    Column("listener", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("first", JSONB),
    Column("last", JSONB),
    Column("done", JSONB),
    Column("count", BigInteger, nullable=False, server_default="0"),
    Column("asked_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("ended_at", INSTANT),
    Column("problem", Text),
    Index("ix_introduction_open", "introduction_id", postgresql_where=text("ended_at IS NULL")),
)

# What is to be done at a moment. One that is moved has a new id, so that who has read the old one cannot
# remove it. `retry_at`, by the system's clock, is when one that met an outage is tried again.
due_time = Table(
    "due_time",
    METADATA,
    Column("due_id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("data", Text, nullable=False),
    Column("request_id", Text),
    Column("trace", Text),
    Column("tried", Integer, nullable=False, server_default="0"),
    Column("retry_at", INSTANT),
    UniqueConstraint("name", "key"),
    Index("ix_due_time_untried", "at", "due_id", postgresql_where=text("retry_at IS NULL")),
    Index("ix_due_time_retried", "retry_at", postgresql_where=text("retry_at IS NOT NULL")),
)

# The manual clock's moment, and the one at which the move began that brought it there: at most one row,
# none with the system's clock.
clock = Table(
    "clock",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("now", INSTANT, nullable=False),
    Column("since", INSTANT),
)

# A file: of an account, or of none. `attached_to` is the thing it is part of; what is part of nothing a
# day after it was begun is swept, finished or not.
file = Table(
    "file",
    METADATA,
    Column("file_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account_id", Text),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("sha256", Text),
    Column("begun_by", Text, nullable=False),
    Column("begun_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("finished_at", INSTANT),
    Column("attached_to", Text),
    Column("attached_at", INSTANT),
    Index("ix_file_unattached", "begun_at", postgresql_where=text("attached_at IS NULL")),
)

# A part of a file as it was sent. The content is stored beside the row and as it is: what is taken is
# packed already, and a piece of it is read without the rest.
file_part = Table(
    "file_part",
    METADATA,
    Column("file_id", Text, ForeignKey("file.file_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# Whom a member of staff reports to, as accounts says it: a person sees what those below them see.
staff_tree = Table(
    "staff_tree",
    METADATA,
    Column("staff_id", Text, primary_key=True),
    Column("reports_to_id", Text, index=True),
    Column("is_active", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
)

# Whose accounts somebody sees beside their own: of whoever they stand in for, by the id of the absence,
# while that `is_standing`; and of a team (`away_id` is its id), by the id of the membership. One who may
# not act sees the accounts and changes nothing of them.
stand_in_sight = Table(
    "stand_in_sight",
    METADATA,
    Column("absence_id", Text, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("away_id", Text, nullable=False),
    Column("is_standing", Boolean, nullable=False),
    Column("may_act", Boolean, nullable=False, server_default=text("true")),
    Column("version", BigInteger, nullable=False),
    Index("ix_stand_in_sight_staff_id", "staff_id", postgresql_where=text("is_standing")),
)

# Who sees an account for their own part: its owner, given by `owner`; and, given by the id of the sharing
# and standing while that does, who helps with it, or the team that looks after it (`staff_id` is its id).
account_sight = Table(
    "account_sight",
    METADATA,
    Column("account_id", Text, primary_key=True),
    Column("given_by", Text, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("is_standing", Boolean, nullable=False, server_default=text("true")),
    Column("version", BigInteger, nullable=False),
    Index(
        "ix_account_sight_staff_id",
        "staff_id",
        "account_id",
        postgresql_where=text("is_standing"),
    ),
)
