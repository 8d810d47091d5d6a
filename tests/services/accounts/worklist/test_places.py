"""The database gives accounts the places that the rules give them; a list costs what is shown of it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.worklist import queries, rules
from services.accounts.worklist.models import ReasonWeight, WorklistItem, WorklistReason
from services.accounts.worklist.rules import Candidate, ItemStatus
from services.accounts.workload.rules import ReasonState, state_of
from tests.services.accounts.plans import close_items, explain

pytestmark = pytest.mark.server

TODAY = date(2026, 1, 5)
KINDS = ["overdue", "callback", "thank_you", "quote_expiring", "weighed"]
AMOUNTS = [None, 0, 99, -100, 12_345, 10**9]
DAYS = [-3, 0, 1, 59, 60, 61, 400]
LATER = ["rests_until", "earliest_on", "snoozed_until"]


def reason(chance: Random, account_id: str, kind: str) -> dict[str, Any]:
    """A reason that is due in three of four cases."""
    later = {name: TODAY + timedelta(days=chance.choice([-1, 0])) for name in LATER}
    if chance.random() < 0.25:
        later[chance.choice(LATER)] = TODAY + timedelta(days=1)
    return later | {
        **{"account_id": account_id, "kind": kind, "about": "x", "version": 1},
        **{"is_standing": chance.random() < 0.9, "amount": chance.choice(AMOUNTS)},
        "since_on": TODAY - timedelta(days=chance.choice(DAYS)),
        "currency": chance.choice(["EUR", "JPY", "KWD", "CLF"]),
    }


def fill_list(office: Any, *, accounts: int, seed: int = 0) -> str:
    """The owner of accounts with open items, of which few are snoozed."""
    chance, owner_id = Random(seed), str(office.staff()["staff_id"])
    for _ in range(accounts):
        account_id = office.account(owner_id=owner_id, tier=chance.choice([*rules.TIER_POINTS]))
        account_id = account_id["account_id"]
        kinds = chance.sample(KINDS, chance.randint(1, 4))
        rows = [reason(chance, account_id, kind) for kind in kinds]
        office.session.execute(insert(WorklistReason), rows)
        item = {"worklist_item_id": new_id("wli"), "account_id": account_id, "version": 1}
        item |= {"status": ItemStatus.OPEN, "opened_on": TODAY}
        snoozed = TODAY + timedelta(days=chance.choice([0, 0, 0, 0, 1]))
        office.session.execute(insert(WorklistItem), [item | {"snoozed_until": snoozed}])
    return owner_id


def rank_by_rules(office: Any, owner_id: str) -> list[str]:
    session = office.session
    due = session.query(WorklistItem.account_id, Account.tier).join(
        Account, Account.account_id == WorklistItem.account_id
    )
    tiers = dict(
        due.filter(Account.owner_id == owner_id, WorklistItem.snoozed_until <= TODAY).all()
    )
    standing = WorklistReason.is_standing
    found = queries.read_reasons(session, account_ids=tiers.keys(), which=standing)
    reasons = {
        account_id: tuple(one for one in some if state_of(one, TODAY)[0] == ReasonState.DUE)
        for account_id, some in found.items()
    }
    candidates = [Candidate(one, tiers[one], some) for one, some in reasons.items() if some]
    weights = {**rules.POINTS, "weighed": 77}
    return [one.candidate.account_id for one in rules.rank(candidates, TODAY, weights)]


def test_places_are_those_of_the_rules(office) -> None:
    office.session.execute(
        insert(ReasonWeight).values(kind="weighed", points=77, set_by="key_x", set_at=office.moment)
    )
    owner_id = fill_list(office, accounts=40)
    places = queries.find_places(office.session, [owner_id], TODAY, most=100)
    ranked = rank_by_rules(office, owner_id)
    assert [one.account_id for one in places] == ranked and len(ranked) > 20
    assert [one.place for one in places] == [*range(1, len(ranked) + 1)]
    assert {one.total for one in places} == {len(ranked)}
    last = queries.find_places(office.session, [owner_id], TODAY, most=1, account_id=ranked[-1])
    assert [(one.account_id, one.place) for one in last] == [
        (ranked[0], 1),
        (ranked[-1], len(ranked)),
    ]


@pytest.mark.parametrize("endpoint", ["get_worklist", "get_team_worklist"])
def test_a_longer_list_costs_as_many_statements(office, endpoint: str) -> None:
    def count(owner_id: str) -> int:
        asked: list[str] = []

        def note(*given: Any) -> None:
            asked.append(given[2])

        office.session.expire_all()
        event.listen(office.session.connection(), "before_cursor_execute", note)
        office.do(endpoint, staff_id=owner_id)
        event.remove(office.session.connection(), "before_cursor_execute", note)
        return len(asked)

    office.session.connection()
    short, long = (fill_list(office, accounts=accounts) for accounts in (2, 12))
    assert count(long) == count(short)


def test_what_a_place_depends_on_is_read_from_indexes_alone(office) -> None:
    owner_id = fill_list(office, accounts=40)
    queries.find_places(office.session, [owner_id], TODAY, most=1)
    close_items(office, count=2_000)
    named = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%OR account_id = $%'"
    [name] = office.session.scalars(text(named))
    asked = f"EXECUTE {name} (ARRAY['{owner_id}'], '{TODAY}', NULL, NULL, 1, NULL)"
    plan = explain(office.session, asked)
    indexes = ("ix_worklist_item_owner_id", "ix_worklist_reason_standing")
    assert all(f"Index Only Scan using {index}" in plan for index in indexes), plan
