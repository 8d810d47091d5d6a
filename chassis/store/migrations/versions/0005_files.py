"""Files and their parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("begun_by", sa.Text(), nullable=False),
        sa.Column("begun_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("attached_to", sa.Text()),
        sa.Column("attached_at", INSTANT),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file")),
    )
    unattached = sa.text("attached_at IS NULL")
    op.create_index("ix_file_unattached", "file", ["begun_at"], postgresql_where=unattached)
    op.create_table(
        "file_part",
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.file_id"], name=op.f("fk_file_part_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_file_part")),
    )
    op.execute("ALTER TABLE file_part ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_table("file_part")
    op.drop_table("file")
