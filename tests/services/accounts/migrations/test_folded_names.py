"""Accounts that were there before names were folded are found by any spelling, too."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

pytestmark = pytest.mark.server

revision = importlib.import_module("services.accounts.migrations.versions.0004_folded_names")


def test_accounts_of_before_are_found_by_any_spelling(office, monkeypatch) -> None:
    monkeypatch.setattr(revision, "ROWS_AT_ONCE", 2)
    # Names that no other test gives: some of theirs stay in the database.
    names = {
        "Brüggestraß & Söhne": "brueggestrass soehne",
        "Łódkowice AG": "lodkowice",
        "Haakon Dahl": "håkon",
    }
    facts: dict[str, Any] = {"email": "buch@brueggestrass.example", "tax_id": None}
    accounts = {
        name: office.account(name=name, number=f"BN-{place}", **facts)
        for place, name in enumerate(names)
    }
    connection = office.session.connection()
    connection.execute(text("UPDATE account SET name_key = 'before', search_words = '{before}'"))
    with Operations.context(MigrationContext.configure(connection)):
        revision.downgrade()
        revision.upgrade()
    office.session.expire_all()
    for name, typed in names.items():
        assert office.do("list_accounts", q=typed)["items"] == [accounts[name]]
    for typed in ("buch@brueg", "brueggestrass.ex"):
        assert len(office.do("list_accounts", q=typed)["items"]) == 3
    assert len(office.do("list_accounts", q="BN-2")["items"]) == 1
