"""An account moves through its table or not at all; what may change depends on where it stands."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import (
    TRANSITIONS,
    Action,
    Channel,
    Status,
    assigned_number,
    check_changes,
    check_profile,
    check_settled,
    is_assigned_form,
    is_time_zone,
    next_status,
)

P, O, A, H, C = Status  # noqa: E741  prospect, onboarding, active, on hold, closed


@pytest.mark.parametrize(
    ("action", "moves"),
    [
        (Action.BEGIN_ONBOARDING, {P: O}),
        (Action.ACTIVATE, {O: A}),
        (Action.HOLD, {A: H}),
        (Action.RELEASE, {H: A}),
        (Action.CLOSE, {P: C, O: C, A: C, H: C}),
        (Action.REOPEN, {C: O}),
    ],
)
def test_an_action_leads_from_these_statuses_and_no_other(
    action: Action, moves: dict[Status, Status]
) -> None:
    for status in Status:
        if status in moves:
            assert next_status("A-1", status, action) == moves[status]
        else:
            with pytest.raises(Conflict) as refusal:
                next_status("A-1", status, action)
            assert refusal.value.code == "wrong_status"
            assert all(before in refusal.value.detail for before in moves)


@given(st.lists(st.sampled_from(Action), max_size=40))
def test_no_sequence_of_actions_does_business_before_onboarding(actions: list[Action]) -> None:
    status, visited = P, [P]
    for action in actions:
        with contextlib.suppress(Conflict):
            status = next_status("A-1", status, action)
            visited.append(status)
    for before, after in itertools.pairwise(visited):
        assert any(TRANSITIONS.get((before, action)) == after for action in Action)
        assert after != A or before in {O, H}
        assert before != C or after == O


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
        ("", False),
    ],
)
def test_time_zones_are_those_of_the_iana_database(name: str, is_known: bool) -> None:
    assert is_time_zone(name) == is_known


def test_who_prefers_email_has_an_address() -> None:
    check_profile({"preferred_channel": Channel.POST, "email": None})
    check_profile({"preferred_channel": Channel.EMAIL, "email": "a@b.example"})
    with pytest.raises(Invalid):
        check_profile({"preferred_channel": Channel.EMAIL, "email": None})


@pytest.mark.parametrize(
    ("status", "changed", "sent", "code"),
    [
        (P, {"name"}, {"name"}, None),
        (H, {"net_days"}, {"net_days"}, None),
        (C, {"name"}, {"name"}, "account_closed"),
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
        check_changes("A-1", status, changed=changed, sent=sent)
    else:
        with pytest.raises((Conflict, Invalid)) as refusal:
            check_changes("A-1", status, changed=changed, sent=sent)
        assert refusal.value.code == code


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("balances", "code", "says"),
    [
        ([], None, ""),
        ([(eur(0), eur(0))], None, ""),
        ([(eur(123450), eur(0))], "balance_open", "1,234.50 EUR"),
        ([(eur(0), eur(990))], "money_unapplied", "9.90 EUR"),
        # Open and unapplied may cancel out, and still both wait for somebody.
        ([(eur(500), eur(500))], "balance_open", "5.00 EUR"),
        ([(eur(100), eur(0)), (Money(7, "JPY"), Money(0, "JPY"))], "balance_open", "7 JPY"),
    ],
)
def test_an_account_is_closed_only_when_nothing_is_open(
    balances: list[tuple[Money, Money]], code: str | None, says: str
) -> None:
    if code is None:
        check_settled("A-1", balances)
    else:
        with pytest.raises(Conflict, match=says) as refusal:
            check_settled("A-1", balances)
        assert refusal.value.code == code
