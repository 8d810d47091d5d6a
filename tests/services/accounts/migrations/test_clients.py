"""Documents that were there before they were followed are asked for in time."""

from __future__ import annotations

import importlib
import json

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

pytestmark = pytest.mark.server

revision = importlib.import_module("services.accounts.migrations.versions.0020_clients")
DUE = text("SELECT at, data FROM due_time WHERE name = 'document_due' AND key = :item_id")


def test_each_that_expires_is_looked_at_from_its_first_reminder_on(office) -> None:
    account_id = office.onboarding_account()["account_id"]
    items = office.do("list_checklist_items", account_id=account_id)["items"]
    item_ids = [one["checklist_item_id"] for one in items]
    office.do("complete_checklist_item", checklist_item_id=item_ids[0], expires_on="2026-06-30")
    with Operations.context(MigrationContext.configure(office.session.connection())):
        revision.downgrade()
        revision.upgrade()
    office.session.expire_all()
    [[at, data]] = office.session.execute(DUE, {"item_id": item_ids[0]}).all()
    assert at.isoformat() == "2026-05-31T05:10:00+00:00"
    office.remind_of_document(office.session, **json.loads(data))
    assert not office.session.execute(DUE, {"item_id": item_ids[1]}).all()
