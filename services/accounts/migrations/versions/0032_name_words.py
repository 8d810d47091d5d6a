"""The words of all names stand by themselves, so that what is mistyped is compared with these alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# Written where it is not there yet, rather than once for certain: nobody waits for another's transaction.
# Each word is looked for by the index, also by a plan made when there were few words and kept for long.
COMES = """
CREATE FUNCTION know_name_words() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    typed text;
BEGIN
    FOREACH typed IN ARRAY string_to_array(NEW.name_key, ' ') LOOP
        IF length(typed) >= 4 AND NOT EXISTS (SELECT FROM name_word WHERE word = typed) THEN
            INSERT INTO name_word (word) VALUES (typed);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER account_is_named AFTER INSERT ON account
FOR EACH ROW EXECUTE FUNCTION know_name_words();
CREATE TRIGGER account_is_renamed AFTER UPDATE OF name_key ON account
FOR EACH ROW WHEN (OLD.name_key <> NEW.name_key) EXECUTE FUNCTION know_name_words()
"""
WORDS = """
INSERT INTO name_word (word)
SELECT DISTINCT word FROM account CROSS JOIN unnest(string_to_array(name_key, ' ')) AS typed (word)
WHERE length(word) >= 4
"""


def upgrade() -> None:
    op.create_table(
        "name_word",
        sa.Column("position", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_name_word")),
    )
    op.execute(COMES)  # nobody writes from here until the migration commits
    op.execute(WORDS)
    op.create_index(op.f("ix_name_word_word"), "name_word", ["word"])
    op.create_index(
        "ix_name_word_pieces",
        "name_word",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )


def downgrade() -> None:
    for trigger in ("account_is_named", "account_is_renamed"):
        op.execute(f"DROP TRIGGER {trigger} ON account")
    op.execute("DROP FUNCTION know_name_words")
    op.drop_table("name_word")
