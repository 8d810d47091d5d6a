"""Documents are found by the days on which they count for tax."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IS_VOID = sa.text("voided_on IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_invoice_voided_on", "invoice", ["voided_on"], postgresql_where=IS_VOID)
    op.create_index("ix_credit_note_issued_on", "credit_note", ["issued_on"])
    op.create_index(
        "ix_credit_note_voided_on", "credit_note", ["voided_on"], postgresql_where=IS_VOID
    )


def downgrade() -> None:
    op.drop_index("ix_credit_note_voided_on", "credit_note")
    op.drop_index("ix_credit_note_issued_on", "credit_note")
    op.drop_index("ix_invoice_voided_on", "invoice")
