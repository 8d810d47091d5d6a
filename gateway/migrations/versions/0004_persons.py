"""Persons, what they prove themselves with, roles and sessions; keys that a member of staff is behind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
FIRST = sa.text("1")

_READS = ["accounts:read", "billing:read", "collections:read", "sales:read"]
_LOOKS_AFTER = [*_READS, "accounts:write", "sales:write"]
_COLLECTS = [*_READS, "collections:write", "accounts:all"]
ROLES = {
    "assistant": _READS,
    "account_manager": _LOOKS_AFTER,
    "lead": [*_LOOKS_AFTER, "collections:write"],
    "collector": _COLLECTS,
    "credit_controller": [
        *_COLLECTS,
        *("accounts:write", "billing:write", "collections:approve"),
    ],
    "director": [*_LOOKS_AFTER, "billing:write", "collections:approve", "collections:write"],
    "admin": ["*", "accounts:all"],
}


def upgrade() -> None:
    op.add_column("api_key", sa.Column("staff_id", sa.Text))
    op.create_table(
        "person",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("staff_id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("roles", ARRAY(sa.Text), nullable=False),
        sa.Column("is_active", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, server_default=FIRST, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_person"),
        sa.UniqueConstraint("staff_id", name="uq_person_staff_id"),
        sa.UniqueConstraint("email", name="uq_person_email"),
    )
    op.create_table(
        "person_login",
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("linked_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_person_login"),
        sa.UniqueConstraint("person_id", "issuer", name="uq_person_login_person_id_issuer"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.person_id"], name="fk_person_login_person_id"
        ),
    )
    op.create_table(
        "person_secret",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("totp", sa.LargeBinary),
        sa.Column("totp_step", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_secret"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.person_id"], name="fk_person_secret_person_id"
        ),
    )
    grants = op.create_table(
        "role_grant",
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("changed_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, server_default=FIRST, nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_role_grant"),
    )
    op.bulk_insert(
        grants,
        [
            {"role": role, "scopes": sorted(scopes), "changed_by": "seed"}
            for role, scopes in ROLES.items()
        ],
    )
    op.create_table(
        "session",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("device", sa.Text),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("last_used_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("revoked_by", sa.Text),
        sa.PrimaryKeyConstraint("session_id", name="pk_session"),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name="fk_session_person_id"),
    )
    op.create_index("ix_session_person_id", "session", ["person_id"])
    op.create_index("ix_session_ends_at", "session", ["ends_at"])
    op.create_table(
        "sign_in_try",
        sa.Column("about", sa.LargeBinary, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("about", name="pk_sign_in_try"),
    )
    op.create_index("ix_sign_in_try_next_at", "sign_in_try", ["next_at"])
    op.create_table(
        "id_token_use",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_id_token_use"),
    )
    op.create_index("ix_id_token_use_expires_at", "id_token_use", ["expires_at"])


def downgrade() -> None:
    for table in (
        *("id_token_use", "sign_in_try", "session", "role_grant"),
        *("person_secret", "person_login", "person"),
    ):
        op.drop_table(table)
    op.drop_column("api_key", "staff_id")
