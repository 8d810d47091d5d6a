"""Reasons and open items have their account's owner beside them, so that a list lies together."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REASON_COMES = """
CREATE FUNCTION name_owner_of_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT owner_id INTO NEW.owner_id FROM account WHERE account_id = NEW.account_id;
    RETURN NEW;
END $$;
CREATE TRIGGER worklist_reason_comes BEFORE INSERT ON worklist_reason
FOR EACH ROW EXECUTE FUNCTION name_owner_of_reason()
"""
ITEM_COMES = """
CREATE FUNCTION name_owner_of_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT owner_id, tier INTO NEW.owner_id, NEW.tier FROM account WHERE account_id = NEW.account_id;
    RETURN NEW;
END $$;
CREATE TRIGGER worklist_item_comes BEFORE INSERT ON worklist_item
FOR EACH ROW EXECUTE FUNCTION name_owner_of_item()
"""
# What stands and is open goes along; what stands again is written with the owner of then.
OWNER_CHANGES = """
CREATE FUNCTION pass_on_worklist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE worklist_reason SET owner_id = NEW.owner_id
    WHERE account_id = NEW.account_id AND is_standing AND owner_id <> NEW.owner_id;
    UPDATE worklist_item SET owner_id = NEW.owner_id, tier = NEW.tier
    WHERE account_id = NEW.account_id AND status = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER account_changes_lists AFTER UPDATE OF owner_id, tier ON account
FOR EACH ROW WHEN (OLD.owner_id <> NEW.owner_id OR OLD.tier <> NEW.tier)
EXECUTE FUNCTION pass_on_worklist()
"""
REASONS = """
UPDATE worklist_reason SET owner_id = account.owner_id
FROM account WHERE account.account_id = worklist_reason.account_id
"""
ITEMS = """
UPDATE worklist_item SET owner_id = account.owner_id, tier = account.tier
FROM account WHERE account.account_id = worklist_item.account_id
"""
TRIGGERS = {
    "worklist_reason_comes": ("worklist_reason", "name_owner_of_reason"),
    "worklist_item_comes": ("worklist_item", "name_owner_of_item"),
    "account_changes_lists": ("account", "pass_on_worklist"),
}
RANKING = [
    *("kind", "since_on", "currency", "amount"),
    *("rests_until", "earliest_on", "snoozed_until"),
]
STANDING = ("ix_worklist_reason_standing", "worklist_reason")
OPEN = ("ix_worklist_item_owner_id", "worklist_item")
TOLD = ("ix_worklist_reason_to_staff_id", "worklist_reason")
UNIQUE = ("uq_worklist_item_open", "worklist_item")
BY_OWNER = ["owner_id", "account_id"]
IS_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    for statement in (REASON_COMES, ITEM_COMES, OWNER_CHANGES):
        op.execute(statement)  # nobody writes from here until the migration commits
    op.add_column("worklist_reason", sa.Column("owner_id", sa.Text()))
    op.add_column("worklist_item", sa.Column("owner_id", sa.Text()))
    op.add_column("worklist_item", sa.Column("tier", sa.Text()))
    for statement in (REASONS, ITEMS):
        op.execute(statement)
    op.alter_column("worklist_reason", "owner_id", nullable=False)
    op.alter_column("worklist_item", "owner_id", nullable=False)
    op.alter_column("worklist_item", "tier", nullable=False)
    op.drop_index(*STANDING)
    stands: dict[str, Any] = {
        "postgresql_include": RANKING,
        "postgresql_where": sa.text("is_standing"),
    }
    op.create_index(*STANDING, BY_OWNER, **stands)
    open_ones: dict[str, Any] = {"postgresql_include": ["snoozed_until", "opened_on", "tier"]}
    op.create_index(*OPEN, BY_OWNER, **open_ones, postgresql_where=IS_OPEN)
    op.drop_index(*UNIQUE)
    op.create_index(*UNIQUE, ["account_id"], unique=True, postgresql_where=IS_OPEN)
    op.drop_index(*TOLD)
    told = sa.text("is_standing AND to_staff_id IS NOT NULL")
    op.create_index(*TOLD, ["to_staff_id"], postgresql_where=told)


def downgrade() -> None:
    for trigger, (table, function) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index(*TOLD)
    op.create_index(*TOLD, ["to_staff_id"], postgresql_where=sa.text("is_standing"))
    op.drop_index(*UNIQUE)
    kept: dict[str, Any] = {"postgresql_include": ["snoozed_until", "opened_on"]}
    op.create_index(*UNIQUE, ["account_id"], unique=True, **kept, postgresql_where=IS_OPEN)
    op.drop_index(*OPEN)
    op.drop_index(*STANDING)
    stands: dict[str, Any] = {
        "postgresql_include": RANKING,
        "postgresql_where": sa.text("is_standing"),
    }
    op.create_index(*STANDING, ["account_id"], **stands)
    op.drop_column("worklist_item", "tier")
    op.drop_column("worklist_item", "owner_id")
    op.drop_column("worklist_reason", "owner_id")
