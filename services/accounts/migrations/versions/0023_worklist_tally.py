"""How many items of worklists came and went is kept: nobody counts those that are closed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CAME = """
CREATE FUNCTION tally_worklist_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO worklist_tally (opened, done, settled)
    SELECT count(*), count(*) FILTER (WHERE status = 'done'),
        count(*) FILTER (WHERE status = 'settled')
    FROM new_item HAVING count(*) > 0;
    RETURN NULL;
END $$
"""
WENT = """
CREATE FUNCTION tally_worklist_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO worklist_tally (opened, done, settled)
    SELECT 0, count(*) FILTER (WHERE new_item.status = 'done'),
        count(*) FILTER (WHERE new_item.status = 'settled')
    FROM old_item JOIN new_item USING (worklist_item_id)
    WHERE old_item.status <> new_item.status HAVING count(*) > 0;
    RETURN NULL;
END $$
"""
TALLY_CAME = """
CREATE TRIGGER worklist_item_came AFTER INSERT ON worklist_item
REFERENCING NEW TABLE AS new_item
FOR EACH STATEMENT EXECUTE FUNCTION tally_worklist_came()
"""
TALLY_WENT = """
CREATE TRIGGER worklist_item_went AFTER UPDATE ON worklist_item
REFERENCING OLD TABLE AS old_item NEW TABLE AS new_item
FOR EACH STATEMENT EXECUTE FUNCTION tally_worklist_went()
"""
# Triggers keep everybody from writing until the migration commits: none is missed or counted twice.
BEFORE = """
INSERT INTO worklist_tally (opened, done, settled)
SELECT count(*), count(*) FILTER (WHERE status = 'done'), count(*) FILTER (WHERE status = 'settled')
FROM worklist_item
"""


def upgrade() -> None:
    """Make the tally, and what keeps it; it begins with what there is."""
    op.create_table(
        "worklist_tally",
        sa.Column("position", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_worklist_tally")),
    )
    for statement in (CAME, WENT, TALLY_CAME, TALLY_WENT, BEFORE):
        op.execute(statement)


def downgrade() -> None:
    for event in ("came", "went"):
        op.execute(f"DROP TRIGGER worklist_item_{event} ON worklist_item")
        op.execute(f"DROP FUNCTION tally_worklist_{event}")
    op.drop_table("worklist_tally")
