"""Which part of an invoice is due when."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.billing.business_days.rules import BusinessDays
from services.billing.discounts.rules import Discount
from services.billing.terms.rules import (
    DueRule,
    Instalment,
    Part,
    Terms,
    load_terms,
    plan_instalments,
    require_terms,
    split_parts,
    store_terms,
)

DAY = date(2026, 3, 2)
JANUARY = date(2026, 1, 20)


def part(percent=None, amount=None, due_date=None, **rule) -> dict:
    return {"percent": percent and Decimal(percent), "amount": amount, "due_date": due_date} | rule


def plan(
    total, *parts, net_days=None, due_date=None, terms=None, business_days=None, discount=None
):
    return plan_instalments(
        total,
        currency="EUR",
        net_days=net_days,
        due_date=due_date,
        instalments=list(parts) or None,
        terms=terms,
        business_days=business_days,
        discount=discount,
    )


def named(*parts, currency=None, business_days=BusinessDays.NONE) -> Terms:
    return Terms(tuple(Part.read(each) for each in parts), business_days, currency, "Usual")


THIRDS = (
    part("30", net_days=10),
    part("30", net_days=30, is_end_of_month=True),
    part(net_days=60),
)


def test_without_terms_the_accounts_own_are_used_later():
    assert plan(1000) is None


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ({}, "2026-01-20"),
        ({"net_days": 30}, "2026-02-19"),
        ({"months": 1}, "2026-02-20"),
        ({"is_end_of_month": True}, "2026-01-31"),
        ({"net_days": 30, "is_end_of_month": True}, "2026-02-28"),
        ({"net_days": 12, "months": 1}, "2026-03-01"),
        ({"months": 1, "day_of_month": 15}, "2026-03-15"),
        ({"day_of_month": 20}, "2026-01-20"),
        ({"day_of_month": 31, "net_days": 12}, "2026-02-28"),
        ({"weekday": "tuesday"}, "2026-01-20"),
        ({"weekday": "monday"}, "2026-01-26"),
    ],
)
def test_days_come_before_months_and_months_before_the_end(rule, due):
    assert str(DueRule(**rule).due(JANUARY)) == due


RULES = st.builds(
    DueRule,
    st.integers(0, 3650),
    st.integers(0, 120),
    st.booleans(),
    st.none() | st.integers(1, 31),
    st.none() | st.sampled_from(["monday", "friday", "sunday"]),
)


@given(RULES, st.dates())
def test_no_rule_ends_before_its_days_nor_more_than_a_month_after(rule, issued_on):
    plain = DueRule(rule.net_days, rule.months).due(issued_on)
    assert 0 <= (rule.due(issued_on) - plain).days <= 31


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({"net_days": 0}, DAY),
        ({"net_days": 14}, date(2026, 3, 16)),
        ({"due_date": date(2026, 4, 1)}, date(2026, 4, 1)),
        ({"due_date": DAY}, DAY),
    ],
)
def test_all_is_due_after_net_days_or_on_the_due_date(terms, due):
    [only] = plan(1000, **terms)
    assert (only.amount, only.due(DAY)) == (1000, due)


def test_nothing_is_due_before_its_invoice():
    [only] = plan(1000, due_date=date(2026, 3, 1))
    with pytest.raises(Invalid) as refused:
        only.due(DAY)
    assert refused.value.code == "due_before_issue"
    assert "give a later due date or, where it is issued, an earlier day" in refused.value.detail


@pytest.mark.parametrize("given_as", ["instalments", "terms"])
def test_the_remainder_takes_what_rounding_half_up_leaves(given_as):
    terms = named(*THIRDS)
    parts = plan(125055, *THIRDS) if given_as == "instalments" else plan(125055, terms=terms)
    assert [(each.amount, str(each.due(JANUARY))) for each in parts] == [
        (37517, "2026-01-30"),
        (37517, "2026-02-28"),
        (50021, "2026-03-21"),
    ]


def test_percentages_are_split_to_the_cent():
    parts = plan(
        1000, part("33.333", net_days=0), part("33.333", net_days=30), part("33.334", net_days=60)
    )
    assert [each.amount for each in parts] == [333, 333, 334]
    assert [each.due(DAY) for each in parts] == [DAY, date(2026, 4, 1), date(2026, 5, 1)]


@given(
    total=st.integers(100_000, 10**12),
    cuts=st.lists(st.integers(1, 99_999), min_size=1, max_size=8, unique=True),
)
def test_instalments_by_percent_always_add_up_to_the_total(total, cuts):
    edges = [0, *sorted(cuts), 100_000]
    shares = [Decimal(later - earlier) / 1000 for earlier, later in pairwise(edges)]
    parts = plan(total, *(part(share, net_days=1) for share in shares))
    assert sum(each.amount for each in parts) == total


@given(
    total=st.integers(1, 10**6),
    percents=st.lists(st.integers(1, 33), min_size=1, max_size=3),
    amount=st.integers(1, 10**6),
)
def test_lines_with_a_remainder_add_up_and_none_falls_below_nothing(total, percents, amount):
    parts = [part(each) for each in percents]
    terms = named(*parts, part(amount=amount), part(), currency="EUR")
    if terms.fit(total, "EUR"):
        amounts = split_parts(total, terms.parts)
        assert sum(amounts) == total
        assert min(amounts) >= 0
        assert sum(each.amount for each in terms.plan(total, "EUR")) == total
    else:
        assert amount + sum(percents) * total / 100 > total


@pytest.mark.parametrize(
    "parts",
    [
        [part("50", net_days=1), part("49.999", net_days=2)],
        [part(amount=500, net_days=1), part(amount=499, net_days=2)],
        [part("50", net_days=1), part(amount=500, net_days=2)],
        [part("100", amount=1000, net_days=1)],
        [part("100")],
        [part("100", net_days=1, due_date=DAY)],
        [part("99.999", net_days=1), part("0.001", net_days=2)],  # nothing is left for the second
        [part(net_days=1), part("50", net_days=2)],
        [part("50", net_days=1), part(net_days=1), part(net_days=2)],
        [part("100", net_days=1), part(net_days=2)],
        [part("60", net_days=1), part("60", net_days=2), part(net_days=2)],
        [part(amount=1001, net_days=1), part(net_days=2)],
        [part(amount=600, net_days=1), part("50", net_days=1), part(net_days=2)],
        [part("0", net_days=1), part(net_days=2)],
        [part(is_end_of_month=True, weekday="monday")],
    ],
)
def test_instalments_that_do_not_add_up_are_refused(parts):
    with pytest.raises(Invalid) as refused:
        plan(1000, *parts)
    assert refused.value.code == "instalments_do_not_add_up"
    assert refused.value.errors[0]["field"] == "instalments"


@pytest.mark.parametrize(
    ("parts", "currency", "field"),
    [
        ([part("50"), part("49")], None, "lines"),
        ([part("50"), part("51"), part()], None, "lines"),
        ([part(), part("50")], None, "lines"),
        ([part("50"), part(), part()], None, "lines"),
        ([part(amount=500), part(amount=600)], "EUR", "lines"),
        ([part(amount=500), part()], None, "currency"),
        ([part("50"), part()], "EUR", "currency"),
    ],
)
def test_terms_that_do_not_cover_every_invoice_are_refused(parts, currency, field):
    with pytest.raises(Invalid) as refused:
        require_terms([Part.read(each) for each in parts], currency=currency)
    assert refused.value.errors[0]["field"] == field


def test_a_line_that_comes_to_nothing_is_no_instalment():
    assert [each.amount for each in plan(1, terms=named(*THIRDS))] == [1]


@pytest.mark.parametrize(("total", "currency"), [(999, "EUR"), (1000, "CHF")])
def test_named_terms_that_do_not_fit_an_invoice_are_refused(total, currency):
    terms = named(part(amount=1000), part(), currency="EUR")
    assert not terms.fit(total, currency)
    with pytest.raises(Invalid) as refused:
        terms.plan(total, currency)
    assert refused.value.code == "terms_do_not_fit"


@pytest.mark.parametrize(
    "ways",
    [
        {"net_days": 10, "due_date": DAY},
        {"net_days": 10, "terms": named(part())},
        {"terms": named(part()), "business_days": "next"},
        {"business_days": "next"},
    ],
)
def test_terms_given_in_two_ways_are_refused(ways):
    with pytest.raises(Invalid) as refused:
        plan(1000, **ways)
    assert refused.value.code == "terms_given_twice"
    assert refused.value.errors[0]["field"] in {
        *ways,
        "discount_percent",
        "instalments",
        "payment_terms_id",
    }


@pytest.mark.parametrize(
    "terms",
    [
        None,
        [
            Instalment(400, DAY),
            Instalment(500, None, DueRule(months=1, weekday="friday"), BusinessDays.NEXT),
        ],
    ],
)
def test_terms_are_kept_with_a_draft_as_they_were(terms):
    assert load_terms(store_terms(terms)) == terms


def test_a_draft_of_before_there_were_rules_keeps_its_net_days():
    stored = [{"amount": 600, "due_date": None, "net_days": 30}]
    assert load_terms(stored) == [Instalment(600, None, DueRule(30))]


THREE = Discount(Decimal(3), 10)


def test_what_is_less_for_paying_early_is_so_of_each_part_and_is_kept_with_it():
    planned = plan(1000, *THIRDS, discount=THREE)
    assert [each.discount for each in planned] == [THREE] * 3
    assert load_terms(store_terms(planned)) == [replace(each, field="due_date") for each in planned]
    [whole] = plan(1000, net_days=30, discount=THREE)
    assert whole.discount == THREE
    terms = replace(named(part(net_days=5)), discount=THREE)
    assert [each.discount for each in plan(1000, terms=terms)] == [THREE]


@pytest.mark.parametrize("given", [{}, {"terms": named(part(net_days=5))}])
def test_named_terms_and_the_accounts_own_say_themselves_what_is_less(given):
    with pytest.raises(Invalid) as refused:
        plan(1000, **given, discount=THREE)
    assert refused.value.errors[0]["field"] == "discount_percent"
