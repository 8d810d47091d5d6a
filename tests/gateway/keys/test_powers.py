"""What a key may pass on: what it has itself, in every respect."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.keys.powers import Power
from gateway.problems import Problem

SOON, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
ALL = Power(frozenset({"*"}), None, None, 300, 20)
ADA, EVE = "stf_ada", "stf_eve"
SOME = Power(frozenset({"admin", "billing:read"}), frozenset({"a", "b"}), SOON, 10, 5)


def changed(power: Power, **changes: Any) -> Power:
    names = (
        *("scopes", "accounts", "expires_at"),
        *("requests_per_second", "calls_at_once", "staff_id"),
    )
    return Power(**{name: getattr(power, name) for name in names} | changes)


@pytest.mark.parametrize(
    ("held", "wanted", "code"),
    [
        (ALL, ALL, None),
        (ALL, SOME, None),
        (SOME, SOME, None),
        (SOME, changed(SOME, scopes=frozenset()), None),
        (SOME, changed(SOME, scopes=frozenset({"admin", "billing:write"})), "scope_not_held"),
        (SOME, changed(SOME, scopes=frozenset({"*"})), "scope_not_held"),
        (SOME, changed(SOME, accounts=frozenset({"b"})), None),
        (SOME, changed(SOME, accounts=frozenset({"b", "c"})), "accounts_not_held"),
        (SOME, changed(SOME, accounts=None), "accounts_not_held"),
        (SOME, changed(SOME, expires_at=LATER), "expiry_not_held"),
        (SOME, changed(SOME, expires_at=None), "expiry_not_held"),
        (SOME, changed(SOME, requests_per_second=11), "rate_not_held"),
        (SOME, changed(SOME, calls_at_once=6), "rate_not_held"),
        (ALL, changed(ALL, requests_per_second=301), "rate_not_held"),
        (ALL, changed(SOME, staff_id=ADA), None),
        (SOME, changed(SOME, staff_id=ADA), "staff_not_held"),
        (changed(SOME, staff_id=ADA), changed(SOME, staff_id=ADA), None),
        (changed(SOME, staff_id=ADA), changed(SOME, staff_id=EVE), "staff_not_held"),
        (changed(SOME, staff_id=ADA), SOME, "staff_not_held"),
        (changed(SOME, staff_id=ADA, accounts=None), SOME, "staff_not_held"),
        (changed(SOME, accounts=None), changed(SOME, staff_id=ADA), None),
        (changed(ALL, staff_id=ADA), changed(SOME, staff_id=EVE), None),
        (changed(ALL, staff_id=ADA), ALL, None),
    ],
)
def test_nobody_passes_on_what_they_have_not(held: Power, wanted: Power, code: str | None) -> None:
    if code is None:
        held.require_held(wanted)
    else:
        with pytest.raises(Problem) as refused:
            held.require_held(wanted)
        assert (refused.value.status, refused.value.code) == (403, code)


def sets(of: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(of))


powers = st.builds(
    Power,
    sets("rw*"),
    st.none() | sets("ab"),
    st.sampled_from([None, SOON, LATER]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from([None, ADA, EVE]),
)


def passes_on(held: Power, wanted: Power) -> bool:
    try:
        held.require_held(wanted)
    except Problem:
        return False
    return True


@given(powers, powers, powers)
def test_nothing_is_gained_by_a_detour(first: Power, second: Power, third: Power) -> None:
    if passes_on(first, second) and passes_on(second, third):
        assert passes_on(first, third)
        for scope in third.scopes:
            first.require_scope(scope)
