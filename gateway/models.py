"""The gateway's own tables: API keys, remembered contracts, stored answers, the manual clock."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
INSTANT = DateTime(timezone=True)

# Who may call, and what for. `accounts` null: all of them.
api_key = Table(
    "api_key",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("accounts", ARRAY(Text)),
    Column("requests_per_second", Integer),
    Column("calls_at_once", Integer),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("created_by", Text, nullable=False),
    Column("expires_at", INSTANT),
    Column("revoked_at", INSTANT),
    Column("revoked_by", Text),
    Column("last_used_at", INSTANT),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
)

# A key's secrets, as HMAC-SHA256 only. More than one while a rotation overlaps.
api_key_secret = Table(
    "api_key_secret",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("key_id", ForeignKey("api_key.key_id"), nullable=False, index=True),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("valid_until", INSTANT),
)

# What a service said of itself when it was last heard.
contract = Table(
    "contract",
    METADATA,
    Column("service", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("described_at", INSTANT, nullable=False, server_default=text("now()")),
)

# Which service claimed a route first. `pattern` is the path with {} for every parameter.
route = Table(
    "route",
    METADATA,
    Column("verb", Text, primary_key=True),
    Column("pattern", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("claimed_at", INSTANT, nullable=False, server_default=text("now()")),
)

# Which request an Idempotency-Key was first used for; of the gateway's own commands also the answer,
# sealed, as that of a new key contains its secret.
answer = Table(
    "answer",
    METADATA,
    Column("caller", Text, primary_key=True),
    Column("command_id", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("answered_at", INSTANT, nullable=False, server_default=text("now()"), index=True),
    Index("ix_answer_sealed", "answered_at", postgresql_where=text("sealed IS NOT NULL")),
)

# The manual clock: its moment, and up to which position of each service's events all is settled.
clock = Table(
    "clock",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("now", INSTANT, nullable=False),
    Column("positions", JSONB, nullable=False),
)
