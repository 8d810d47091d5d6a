"""An account goes to whose turn it is, or to whoever has the least."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import Tier
from services.accounts.assignment.rules import (
    WEIGHTS,
    Candidate,
    How,
    choose,
    require_one_pool,
)


def candidate(name: str, last_turn: int = 0, load: int = 0) -> Candidate:
    return Candidate(
        staff_id=name, name=name, email=f"{name}@firm.example", last_turn=last_turn, load=load
    )


@pytest.mark.parametrize(("how", "chosen"), [(How.ROUND_ROBIN, "cleo"), (How.LEAST_LOADED, "ben")])
def test_who_is_chosen(how: How, chosen: str) -> None:
    people = [candidate("ada", 3, 9), candidate("cleo", 1, 8), candidate("ben", 2, 7)]
    assert choose(how, people).name == chosen


@pytest.mark.parametrize("how", How)
def test_equals_are_chosen_by_name(how: How) -> None:
    assert choose(how, [candidate("cleo"), candidate("ada"), candidate("ben")]).name == "ada"


def test_where_nobody_is_nobody_is_chosen() -> None:
    with pytest.raises(Conflict) as refused:
        choose(How.ROUND_ROBIN, [])
    assert refused.value.code == "nobody_to_assign"


@given(st.integers(1, 6), st.integers(0, 40))
def test_in_turn_nobody_is_ahead_by_more_than_one(people: int, accounts: int) -> None:
    turns = dict.fromkeys((f"p{n}" for n in range(people)), 0)
    given_: Counter[str] = Counter(dict.fromkeys(turns, 0))
    for turn in range(1, accounts + 1):
        chosen = choose(How.ROUND_ROBIN, [candidate(one, turns[one]) for one in turns])
        turns[chosen.name] = turn
        given_[chosen.name] += 1
    assert max(given_.values()) - min(given_.values()) <= 1


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.lists(st.sampled_from([*Tier])))
def test_loads_come_to_within_one_account_of_each_other_and_stay_so(
    loads: list[int], tiers: list[Tier]
) -> None:
    now = {f"p{n}": load for n, load in enumerate(loads)}
    apart = max(*WEIGHTS.values(), max(loads) - min(loads))
    for tier in tiers:
        chosen = choose(How.LEAST_LOADED, [candidate(one, load=now[one]) for one in now])
        now[chosen.name] += WEIGHTS[tier]
        assert max(now.values()) - min(now.values()) <= apart


@pytest.mark.parametrize(("team_id", "lead_id"), [(None, None), ("team", "lead")])
def test_one_pool_is_named(team_id: str | None, lead_id: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        require_one_pool(team_id=team_id, lead_id=lead_id)
    assert refused.value.code == "one_pool"
    require_one_pool(team_id="team", lead_id=None)
    require_one_pool(team_id=None, lead_id="lead")
