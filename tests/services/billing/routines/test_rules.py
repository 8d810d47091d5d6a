"""How a client's routine shifts due days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.billing.routines.rules import Agreement, Routine, bill_days_on, require_routine
from services.billing.terms.rules import DueRule, Instalment, Part, Terms

AUGUST = frozenset({8})


@pytest.mark.parametrize(
    ("routine", "due_date", "parts"),
    [
        (Routine(), "2026-03-02", [(100, "2026-03-02")]),
        (Routine(pay_day=15), "2026-03-02", [(100, "2026-03-15")]),
        (Routine(pay_day=15), "2026-03-15", [(100, "2026-03-15")]),
        (Routine(pay_day=15), "2026-03-16", [(100, "2026-04-15")]),
        (Routine(pay_day=31), "2026-02-10", [(100, "2026-02-28")]),
        (Routine(weekday="friday"), "2026-03-02", [(100, "2026-03-06")]),
        (Routine(months_off=AUGUST), "2026-08-20", [(100, "2026-09-01")]),
        (Routine(pay_day=15, months_off=AUGUST), "2026-07-16", [(100, "2026-09-15")]),
        (Routine(pay_day=15, months_off=frozenset({12, 1})), "2026-12-02", [(100, "2027-02-15")]),
        (
            Routine(weekday="friday", weeks=3),
            "2026-03-02",
            [(34, "2026-03-06"), (33, "2026-03-13"), (33, "2026-03-20")],
        ),
        (
            Routine(weekday="friday", weeks=2, months_off=AUGUST),
            "2026-07-31",
            [(50, "2026-07-31"), (50, "2026-09-04")],
        ),
    ],
)
def test_what_is_due_is_paid_on_the_next_days_of_the_routine(routine, due_date, parts):
    found = [
        (amount, str(day)) for amount, day in routine.spread(100, date.fromisoformat(due_date))
    ]
    assert found == parts


ROUTINES = st.builds(
    Routine,
    st.none() | st.integers(1, 31),
    st.none() | st.sampled_from(["monday", "thursday", "sunday"]),
    st.none() | st.integers(2, 13),
    st.frozensets(st.integers(1, 12), max_size=11),
)


@given(ROUTINES, st.integers(1, 10**6), st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_the_parts_add_up_and_none_is_early_or_in_a_month_off(routine, amount, due_date):
    parts = list(routine.spread(amount, due_date))
    days = [day for _, day in parts]
    assert sum(part for part, _ in parts) == amount
    assert days == sorted(set(days))
    assert days[0] >= due_date
    assert not routine.months_off & {day.month for day in days}


@given(
    routine=st.builds(Routine, st.integers(1, 31))
    | st.builds(Routine, st.none(), st.just("monday"), st.none() | st.integers(2, 13)),
    due_date=st.dates(date(1900, 1, 1), date(2200, 12, 31)),
)
def test_nothing_moves_by_more_than_a_period(routine, due_date):
    period = 31 if routine.pay_day else 7 * (routine.weeks or 1)
    assert all((day - due_date).days < period for _, day in routine.spread(10**4, due_date))


def dues(agreement, part, issued_on=date(2026, 3, 2)):
    return [(amount, str(day)) for amount, day in agreement.dues(part, issued_on)]


def test_a_day_that_was_given_stays_and_one_that_follows_from_terms_moves():
    agreement = Agreement(30, "IE", None, Routine(pay_day=17))
    given_day = Instalment(100, date(2026, 3, 4))
    assert dues(agreement, given_day) == [(100, "2026-03-04")]
    assert dues(agreement, Instalment(100, None, DueRule(2))) == [(100, "2026-03-17")]
    assert dues(agreement, Instalment(100, None, DueRule(2), "next")) == [(100, "2026-03-18")]
    assert dues(agreement, Instalment(100, None, DueRule(2), "previous")) == [(100, "2026-03-16")]


def test_an_invoice_that_the_accounts_terms_do_not_fit_is_due_after_its_net_days():
    parts = (Part(None, 500, DueRule(10)), Part(None, None, DueRule(20)))
    agreement = Agreement(30, "IE", Terms(parts, "none", "EUR"))
    assert [each.amount for each in agreement.plan(600, "EUR")] == [500, 100]
    for total, currency in [(499, "EUR"), (600, "CHF")]:
        assert agreement.plan(total, currency) == [Instalment(total, None, DueRule(30))]


NOTHING = dict.fromkeys(["kind", "pay_day", "weekday", "weeks", "amount", "currency"])


@pytest.mark.parametrize(
    ("given_values", "field"),
    [
        ({"kind": "pay_day"}, "pay_day"),
        ({"kind": "pay_day", "pay_day": 15, "weekday": "friday"}, "weekday"),
        ({"kind": "weekly_share", "weekday": "friday"}, "weeks"),
        ({"kind": "standing_order", "pay_day": 1, "amount": 100}, "currency"),
        ({"pay_day": 15}, "pay_day"),
        ({"months_off": range(1, 13)}, "months_off"),
    ],
)
def test_a_routine_that_says_too_much_or_too_little_is_refused(given_values, field):
    with pytest.raises(Invalid) as refused:
        require_routine(**NOTHING | {"months_off": []} | given_values)
    assert refused.value.errors[0]["field"] == field


@pytest.mark.parametrize(
    ("given_values", "says"),
    [
        ({"pay_day": 3}, "Without a kind give none of amount, currency, pay_day"),
        ({"kind": "pay_day"}, "With the kind pay_day give pay_day, and no other of"),
        ({"kind": "standing_order"}, "give amount and currency and pay_day, or amount and"),
    ],
)
def test_what_a_routine_lacks_or_has_too_much_is_said(given_values, says):
    with pytest.raises(Invalid, match=says):
        require_routine(**NOTHING | {"months_off": []} | given_values)


@pytest.mark.parametrize(
    "given_values",
    [
        {},
        {"months_off": [8]},
        {"kind": "pay_day", "pay_day": 31},
        {"kind": "weekly_share", "weekday": "friday", "weeks": 4},
        {"kind": "standing_order", "pay_day": 1, "amount": 100, "currency": "EUR"},
        {"kind": "standing_order", "weekday": "friday", "amount": 100, "currency": "EUR"},
    ],
)
def test_a_routine_that_is_whole_is_taken(given_values):
    require_routine(**NOTHING | {"months_off": []} | given_values)


@pytest.mark.parametrize(
    ("day", "bill_days"),
    [
        ("2026-04-01", [1]),
        ("2026-04-29", [29]),
        ("2026-04-30", [30, 31]),
        ("2026-02-28", [28, 29, 30, 31]),
        ("2028-02-28", [28]),
        ("2026-12-31", [31]),
    ],
)
def test_a_months_last_day_is_the_bill_day_of_who_named_a_later_one(day, bill_days):
    assert bill_days_on(date.fromisoformat(day)) == bill_days
