"""An account moves through its table or not at all; what may change depends on where it stands."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import (
    MOVES,
    Action,
    Channel,
    Status,
    assigned_number,
    is_assigned_form,
    is_time_zone,
    next_status,
    require_changeable,
    require_profile,
)

P, O, A, H, G, C = Status  # noqa: E741  prospect, onboarding, active, on hold, closing, closed


@pytest.mark.parametrize(
    ("action", "moves"),
    [
        (Action.BEGIN_ONBOARDING, {P: O}),
        (Action.ACTIVATE, {O: A}),
        (Action.HOLD, {A: H, H: H}),
        (Action.RELEASE, {H: A}),
        (Action.CLOSE, {P: G, O: G, A: G, H: G}),
        (Action.COMPLETE_CLOSING, {G: C}),
        (Action.REFUSE_CLOSING, {G: H}),
        (Action.WITHDRAW_CLOSING, {G: H}),
        (Action.REOPEN, {C: O}),
    ],
)
def test_an_action_leads_from_these_statuses_and_no_other(
    action: Action, moves: dict[Status, Status]
) -> None:
    for status in Status:
        if status in moves:
            assert next_status("A-1", status, action, before_closing=H) == moves[status]
        else:
            with pytest.raises(Conflict) as refusal:
                next_status("A-1", status, action, before_closing=H)
            assert refusal.value.code == "wrong_status"
            assert all(before in refusal.value.detail for before in moves)


@given(st.lists(st.sampled_from(Action), max_size=40))
def test_no_sequence_of_actions_does_business_before_onboarding(actions: list[Action]) -> None:
    status, before, visited = P, P, [P]
    for action in actions:
        with contextlib.suppress(Conflict):
            status, left = next_status("A-1", status, action, before_closing=before), status
            before = left if status == G else before
            visited.append(status)
    in_business = [one for one in visited if one != G]
    for earlier, later in itertools.pairwise(in_business):
        assert later != A or earlier in {O, H, A}
        assert earlier != C or later == O
        assert later != C or visited[visited.index(C) - 1] == G


def test_every_status_has_its_moves() -> None:
    assert MOVES.keys() == set(Status)


@pytest.mark.parametrize(
    ("position", "number"), [(1, "A-000001"), (999_999, "A-999999"), (1_000_000, "A-1000000")]
)
def test_assigned_numbers_grow_and_are_not_chosen(position: int, number: str) -> None:
    assert assigned_number(position) == number
    assert is_assigned_form(number)


@pytest.mark.parametrize("number", ["0379-NEVHP", "A-17", "AB-000017", "A-000017-B"])
def test_other_numbers_may_be_chosen(number: str) -> None:
    assert not is_assigned_form(number)


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("Europe/Berlin", True),
        ("UTC", True),
        ("Europe/Atlantis", False),
        ("../etc/passwd", False),
        ("localtime", False),
        ("Factory", False),
        ("", False),
    ],
)
def test_time_zones_are_those_of_the_iana_database(name: str, is_known: bool) -> None:
    assert is_time_zone(name) == is_known


def test_who_prefers_email_has_an_address() -> None:
    require_profile({"preferred_channel": Channel.POST, "email": None})
    require_profile({"preferred_channel": Channel.EMAIL, "email": "a@b.example"})
    with pytest.raises(Invalid):
        require_profile({"preferred_channel": Channel.EMAIL, "email": None})


@pytest.mark.parametrize(
    ("status", "changed", "sent", "code"),
    [
        (P, {"name"}, {"name"}, None),
        (H, {"net_days"}, {"net_days"}, None),
        (C, {"name"}, {"name"}, "account_closed"),
        (G, {"name"}, {"name"}, "account_closing"),
        (A, {"currency", "credit_limit"}, {"currency", "credit_limit"}, "currency_fixed"),
        (H, {"currency"}, {"currency", "credit_limit"}, "currency_fixed"),
        (P, {"currency"}, {"currency"}, "credit_limit_missing"),
        (O, {"currency"}, {"currency", "credit_limit"}, None),
    ],
)
def test_what_may_change_depends_on_the_status(
    status: Status, changed: set[str], sent: set[str], code: str | None
) -> None:
    if code is None:
        require_changeable("A-1", status, changed=changed, sent=sent)
    else:
        with pytest.raises((Conflict, Invalid)) as refusal:
            require_changeable("A-1", status, changed=changed, sent=sent)
        assert refusal.value.code == code
