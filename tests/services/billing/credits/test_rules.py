"""How credit notes divide over the taxes of their invoice."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.billing.credits.rules import choose_amount, credit_in_proportion, subtract
from services.billing.pricing.rules import RateTotal


def rate(percent, net, tax) -> RateTotal:
    return RateTotal(Decimal(percent), net, tax)


@pytest.mark.parametrize(
    ("amount", "left", "credited"),
    [
        (1190, [rate(19, 10000, 1900)], [rate(19, 1000, 190)]),
        (11900, [rate(19, 10000, 1900)], [rate(19, 10000, 1900)]),
        (100, [rate(19, 10000, 1900)], [rate(19, 84, 16)]),
        (1, [rate(19, 10000, 1900)], [rate(19, 1, 0)]),
        (500, [rate(0, 1000, 0)], [rate(0, 500, 0)]),
        (
            1130,
            [rate(7, 10000, 700), rate(19, 10000, 1900)],
            [rate(7, 500, 35), rate(19, 500, 95)],
        ),
    ],
)
def test_a_credit_has_the_proportions_of_what_is_left(amount, left, credited):
    assert credit_in_proportion(amount, left) == credited


rates = (
    st.lists(
        st.tuples(st.sampled_from([0, 7, 19, 21]), st.integers(-(10**6), 10**7)),
        min_size=1,
        unique_by=lambda t: t[0],
    )
    .map(lambda raw: [rate(p, net, net * p // 100) for p, net in raw])
    .filter(lambda rates: sum(each.net + each.tax for each in rates) > 0)
)


@given(rates=rates, cuts=st.lists(st.integers(0, 10**9), max_size=6))
def test_credits_never_exceed_any_part_and_the_last_leaves_nothing(rates, cuts):
    left = rates
    total = sum(each.net + each.tax for each in rates)
    for cut in [*cuts, total]:
        amount = min(cut, sum(each.net + each.tax for each in left))
        if amount == 0:
            continue
        credited = credit_in_proportion(amount, left)
        assert sum(each.net + each.tax for each in credited) == amount
        left = subtract(left, credited)
        for before, after in zip(rates, left, strict=True):
            assert 0 <= abs(after.net) <= abs(before.net)
            assert after.net * before.net >= 0 <= after.tax * before.tax
    assert all(each.net == each.tax == 0 for each in left)


@pytest.mark.parametrize(
    ("asked", "credited", "amount"), [(None, 0, 1000), (None, 300, 700), (700, 300, 700), (1, 0, 1)]
)
def test_all_that_is_left_is_credited_unless_less_is_asked_for(asked, credited, amount):
    assert choose_amount(name="R", asked=asked, total=1000, credited=credited) == amount


@pytest.mark.parametrize(("asked", "credited"), [(1001, 0), (701, 300), (None, 1000)])
def test_no_more_is_credited_than_is_left(asked, credited):
    with pytest.raises(Conflict) as refused:
        choose_amount(name="R", asked=asked, total=1000, credited=credited)
    assert refused.value.code == "credit_exceeds_invoice"
