"""Timelines that were there before it was known how far they are complete."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from services.accounts.timeline.usecases import remember_events

pytestmark = pytest.mark.server

revision = importlib.import_module("services.accounts.migrations.versions.0011_timeline_bounds")
NOW = datetime(2026, 1, 5, tzinfo=UTC)
REACHED = text("SELECT source, complete_to FROM timeline_reach WHERE account_id = :account")


def test_of_what_was_complete_before_only_what_comes_is_looked_at(office) -> None:
    account_id = office.account()["account_id"]
    facts = {"account_id": account_id, "name": "balance_changed", "occurred_at": NOW, "data": {}}
    for source, sequences in {"billing": [1, 2, 3], "sales": [1, 3], "collections": [0]}.items():
        events = [
            {
                "event_id": f"{account_id}{source}{sequence}",
                "source": source,
                "sequence": sequence,
                "summary": "It happened.",
                **facts,
            }
            for sequence in sequences
        ]
        remember_events(office.session, events=events, now=NOW)
    before = office.do("get_timeline", account_id=account_id)
    connection = office.session.connection()
    with Operations.context(MigrationContext.configure(connection)):
        revision.downgrade()
        revision.upgrade()
    reached = office.session.execute(REACHED, {"account": account_id}).all()
    assert reached == [("billing", 3)]
    assert office.do("get_timeline", account_id=account_id) == before
    assert before["missing"] == [{"source": "sales", "first": 2, "last": 2}]
