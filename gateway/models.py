"""The gateway's own tables: API keys, persons, remembered contracts, stored answers, the manual clock."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
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

# Who may call, and what for. `accounts` null: all of them; `staff_id`: the member of staff it stands for.
api_key = Table(
    "api_key",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("accounts", ARRAY(Text)),
    Column("staff_id", Text),
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

# Who may sign in. `staff_id` null: no member of staff, as somebody who only keeps the system.
person = Table(
    "person",
    METADATA,
    Column("person_id", Text, primary_key=True),
    Column("staff_id", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, unique=True),
    Column("roles", ARRAY(Text), nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("created_by", Text, nullable=False),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
)

# By whom an issuer of id tokens (OpenID Connect) means which person.
person_login = Table(
    "person_login",
    METADATA,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False),
    Column("linked_at", INSTANT, nullable=False, server_default=text("now()")),
    UniqueConstraint("person_id", "issuer"),
)

# The password's argon2id digest; the secret of the code generator, sealed, and the last step (of 30 s
# since 1970) that a code was taken of.
person_secret = Table(
    "person_secret",
    METADATA,
    Column("person_id", ForeignKey("person.person_id"), primary_key=True),
    Column("password", Text),
    Column("totp", LargeBinary),
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),
)

# What a role may do.
role_grant = Table(
    "role_grant",
    METADATA,
    Column("role", Text, primary_key=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("changed_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("changed_by", Text, nullable=False),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
)

# A person who has signed in on a device; of the token only its digest, as of a key's secret.
session = Table(
    "session",
    METADATA,
    Column("session_id", Text, primary_key=True),
    Column("person_id", ForeignKey("person.person_id"), nullable=False, index=True),
    Column("digest", LargeBinary, nullable=False),
    Column("device", Text),
    Column("address", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("last_used_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("ends_at", INSTANT, nullable=False, index=True),
    Column("revoked_at", INSTANT),
    Column("revoked_by", Text),
)

# How often somebody has tried in vain to sign in, by a digest of their e-mail or network, and from when
# on they may try again.
sign_in_try = Table(
    "sign_in_try",
    METADATA,
    Column("about", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("next_at", INSTANT, nullable=False, index=True),
)

# Id tokens that somebody has signed in with: each is good once.
id_token_use = Table(
    "id_token_use",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("expires_at", INSTANT, nullable=False, index=True),
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

# How what a service keeps of another's facts was found: of so many things, how many ranges differed.
comparison = Table(
    "comparison",
    METADATA,
    Column("listener", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("different", Integer, nullable=False),
    Column("error", Text),
    Column("compared_at", INSTANT, nullable=False),
)
