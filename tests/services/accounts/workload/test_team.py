"""What a team has on its lists costs what its accounts are."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.services.accounts.plans import close_items, explain
from tests.services.accounts.worklist.test_places import TODAY, fill_list

pytestmark = pytest.mark.server


def test_each_account_is_looked_up_once_for_loads_and_places_together(office) -> None:
    owner_id = fill_list(office, accounts=4)
    office.do("get_team_worklist", staff_id=owner_id)
    close_items(office, count=2_000)
    named = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%AS oldest_opened_on%'"
    [name] = office.session.scalars(text(named))
    day = f"'{TODAY} 00:00Z', '{TODAY} 23:00Z'"
    asked = f"EXECUTE {name} (ARRAY['{owner_id}'], '{TODAY}', NULL, NULL, {day}, 5)"
    plan = explain(office.session, asked)
    # Once for all accounts, once for what is told to others than owners and which that is, or was closed.
    for table in ("worklist_item", "worklist_reason"):
        assert plan.count(f" on {table} ") == 3, plan
