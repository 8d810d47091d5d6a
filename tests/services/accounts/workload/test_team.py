"""What a team has on its lists costs what its accounts are."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.services.accounts.plans import close_items, explain
from tests.services.accounts.worklist.test_places import TODAY, fill_list

pytestmark = pytest.mark.server


def look(office, owner_ids: list[str]) -> str:
    """The statement that looks at the lists of these people."""
    office.do("get_team_worklist", staff_id=owner_ids[0])
    close_items(office, count=2_000)
    named = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%AS oldest_opened_on%'"
    [name] = office.session.scalars(text(named))
    day = f"'{TODAY} 00:00Z', '{TODAY} 23:00Z'"
    return f"EXECUTE {name} (ARRAY{owner_ids}, '{TODAY}', NULL, NULL, {day}, 5)"


def test_each_account_is_looked_up_once_for_loads_and_places_together(office) -> None:
    plan = explain(office.session, look(office, [fill_list(office, accounts=4)]))
    # Once for all accounts, once for what is told to others than owners and which that is, or was closed.
    for table in ("worklist_item", "worklist_reason"):
        assert plan.count(f" on {table} ") == 3, plan


def test_what_is_at_stake_is_summed_once_for_all_people(office) -> None:
    people = [fill_list(office, accounts=4, seed=seed) for seed in range(3)]
    plan = explain(office.session, f"(ANALYZE, TIMING OFF) {look(office, people)}")
    repeated = [line for line in plan.splitlines() if "CTE Scan" in line and "loops=1)" not in line]
    assert not repeated, plan
