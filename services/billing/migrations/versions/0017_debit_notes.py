"""Which invoice a debit note raises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RAISES = "raises_invoice_id"


def upgrade() -> None:
    op.add_column("invoice", sa.Column(RAISES, sa.Text(), nullable=True))
    op.create_index(op.f(f"ix_invoice_{RAISES}"), "invoice", [RAISES])
    op.create_foreign_key(
        op.f(f"fk_invoice_{RAISES}"), "invoice", "invoice", [RAISES], ["invoice_id"]
    )


def downgrade() -> None:
    op.drop_column("invoice", RAISES)
