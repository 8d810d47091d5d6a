"""What was billed ahead is taken off what is shipped, rate by rate and to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.billing.advances.rules import (
    Advance,
    Amounts,
    reduce,
    require_not_taken_off,
    take_off,
    take_same_rates,
)
from services.billing.pricing.rules import RateTotal, price
from services.billing.taxes.rules import Rounding, code_of


def amounts(*rates):
    return Amounts([rate(*each) for each in rates])


def rate(percent, net, tax):
    return RateTotal(Decimal(percent), code_of(Decimal(percent)), net, tax)


def advance(name, *rates):
    return Advance(name, "acc", "ord", "EUR", f"R-{name}", date(2026, 3, 2), amounts(*rates))


def taken(parts):
    return [(part.advance_id, int(part.tax_percent), part.net, part.tax) for part in parts]


@pytest.mark.parametrize(
    ("goods", "advances", "parts", "left"),
    [
        # less than the goods, the same, more
        ([(19, 100, 19)], [[(19, 30, 6)]], [("a", 19, 30, 6)], 83),
        ([(19, 100, 19)], [[(19, 100, 19)]], [("a", 19, 100, 19)], 0),
        ([(19, 100, 19)], [[(19, 300, 57)]], [("a", 19, 100, 19)], 0),
        # the first first
        (
            [(19, 100, 19)],
            [[(19, 60, 11)], [(19, 60, 11)]],
            [("a", 19, 60, 11), ("b", 19, 40, 8)],
            0,
        ),
        # at its own rate first, of whichever advance, then whatever the rate
        (
            [(7, 100, 7), (19, 100, 19)],
            [[(0, 50, 0)], [(19, 40, 8)]],
            [("b", 19, 40, 8), ("a", 0, 50, 0)],
            128,
        ),
        ([(7, 100, 7)], [[(19, 50, 9), (20, 50, 10)]], [("a", 19, 45, 8), ("a", 20, 45, 9)], 0),
        ([(0, 10, 0)], [], [], 10),
    ],
)
def test_goods_are_billed_up_to_what_was_billed_ahead(goods, advances, parts, left):
    pool = amounts(*goods)
    found = take_off(pool, [advance("ab"[place], *rates) for place, rates in enumerate(advances)])
    assert (taken(found), pool.total) == (parts, left)


def test_credit_takes_back_only_what_it_has_the_rate_of():
    credit, ahead = amounts((7, 100, 7), (19, 10, 2)), advance("a", (19, 30, 6))
    assert taken(take_same_rates(credit, [ahead])) == [("a", 19, 10, 2)]
    assert ahead.left.rates == [rate(19, 20, 4)]


def test_an_invoice_shows_what_is_taken_off_by_advance_and_rate():
    line = {"description": "Tea", "quantity": Decimal(4), "unit_price": 2500}
    goods = price([line | {"tax_percent": Decimal(19)}], rounding=Rounding.DOCUMENT)
    left, ahead = Amounts(goods.rates), advance("a", (19, 3000, 570))
    demanded = reduce(goods, left, take_off(left, [ahead]), [ahead])
    assert demanded.lines[1]._asdict() == {
        "description": "Billed ahead on invoice R-a of 2026-03-02",
        "quantity": Decimal(-1),
        "unit_price": 3000,
        "tax_percent": Decimal(19),
        "tax_code": "standard",
        "exemption_reason": None,
        "net": -3000,
        "advance_id": "a",
    }
    assert demanded.rates == (rate(19, 7000, 1330),)
    assert demanded.total == 8330


def test_what_was_taken_off_others_is_not_voided():
    require_not_taken_off("R-1", others=[])
    with pytest.raises(Conflict, match="taken off R-2, R-3") as refused:
        require_not_taken_off("R-1", others=["R-2", "R-3"])
    assert refused.value.code == "invoice_taken_off"


RATES = st.lists(
    st.tuples(st.sampled_from([0, 7, 19]), st.integers(1, 5000)),
    min_size=1,
    max_size=3,
    unique_by=lambda rate: rate[0],
).map(lambda raw: [(percent, net, (net * percent + 50) // 100) for percent, net in raw])


def by_rate(documents):
    """Net and tax at each rate of all documents together, those without any left out."""
    sums = {}
    for rates in documents:
        for percent, net, tax in rates:
            before = sums.get(int(percent), (0, 0))
            sums[int(percent)] = (before[0] + net, before[1] + tax)
    return {percent: both for percent, both in sums.items() if any(both)}


@given(st.lists(RATES, max_size=3), st.lists(RATES, min_size=1, max_size=5))
def test_in_all_what_was_shipped_is_billed_or_what_was_billed_ahead_if_that_is_more(
    ahead, shipments
):
    advances = [advance(str(place), *rates) for place, rates in enumerate(ahead)]
    billed = list(ahead)
    for place, goods in enumerate(shipments):
        left = amounts(*goods)
        parts = take_off(left, advances)
        assert len({part[:3] for part in parts}) == len(parts)
        assert left.total >= 0
        billed.append([(one.tax_percent, one.net, one.tax) for one in left.rates])
        shipped = sum(net + tax for rates in shipments[: place + 1] for _, net, tax in rates)
        billed_ahead = sum(net + tax for rates in ahead for _, net, tax in rates)
        total = sum(net + tax for rates in billed for _, net, tax in rates)
        assert total == max(shipped, billed_ahead)
    if shipped >= billed_ahead:
        assert by_rate(billed) == by_rate(shipments)
