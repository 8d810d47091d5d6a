"""Accounts are given to those of a team or below a lead, fairly, however many are assigned at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.accounts.accounts.models import Account

pytestmark = pytest.mark.server


def people(office: Any, count: int, **more: Any) -> list[str]:
    return [str(office.staff(name=f"Person {n}", **more)["staff_id"]) for n in range(count)]


def team(office: Any, members: list[str]) -> str:
    team_id = str(office.do("open_team", name=f"Team of {members[0]}")["team_id"])
    for one in members:
        office.do("add_team_member", team_id=team_id, staff_id=one)
    return team_id


def assign(office: Any, account_id: str, how: str = "round_robin", **pool: str) -> str:
    sent = {"account_id": account_id, "how": how, "reason": "New business."}
    return str(office.do("assign_account", **sent, **pool)["owner_id"])


def test_in_turn_within_a_team(office: Any) -> None:
    members = people(office, 3)
    pool = {"team_id": team(office, members)}
    turns = [assign(office, office.account()["account_id"], **pool) for _ in range(6)]
    assert turns == members * 2


def test_the_least_loaded_below_a_lead_by_the_weight_of_open_accounts(office: Any) -> None:
    [lead] = people(office, 1)
    [middle] = people(office, 1, reports_to_id=lead)
    [low] = people(office, 1, reports_to_id=middle)
    office.account(owner_id=middle, tier="standard")
    office.close(office.account(owner_id=low, tier="key")["account_id"])
    office.account(owner_id=low, tier="small")
    pool = {"how": "least_loaded", "lead_id": lead}
    assert assign(office, office.account(tier="key")["account_id"], **pool) == low
    assert assign(office, office.account(tier="key")["account_id"], **pool) == middle


def test_who_is_away_has_left_or_owns_it_is_left_out(office: Any) -> None:
    owner, away, gone, other = people(office, 4)
    pool = {"team_id": team(office, [owner, away, gone])}
    account_id = office.account(owner_id=owner)["account_id"]
    days = {"until_on": "2026-01-09", "reason": "Ill."}
    office.do("plan_absence", staff_id=away, delegate_id=other, **days)
    office.do("leave_staff", staff_id=gone)
    with pytest.raises(Conflict) as refused:
        assign(office, account_id, **pool)
    assert refused.value.code == "nobody_to_assign"
    office.do("add_team_member", **pool, staff_id=other)
    assert assign(office, account_id, **pool) == other


@pytest.mark.parametrize("how", ["round_robin", "least_loaded"])
def test_fair_however_many_at_once(engine: Engine, at_once: Any, how: str) -> None:
    def prepare(office: Any) -> tuple[str, list[str]]:
        members = people(office, 3)
        owner = office.staff()["staff_id"]
        accounts = [office.account(owner_id=owner, name="Kept")["account_id"] for _ in range(9)]
        return team(office, members), accounts

    [(team_id, accounts)] = at_once(prepare)
    at_once(
        *[lambda office, one=one: assign(office, one, how=how, team_id=team_id) for one in accounts]
    )
    with Session(engine) as session:
        owners = session.scalars(
            select(Account.owner_id).where(Account.account_id.in_(accounts))
        ).all()
    assert sorted(Counter(owners).values()) == [3, 3, 3]
