"""What is credited of an invoice by amount, by lines and by rate, in whatever mix."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.refusals import Refusal
from services.billing.crediting.rules import (
    Creditable,
    LineLeft,
    credit,
    credit_in_proportion,
    take,
)
from services.billing.pricing.rules import RateTotal, price, subtract
from services.billing.taxes.rules import Rounding, code_of

NOTHING = {"amount": None, "lines": None, "rates": None}


def rate(percent, net, tax) -> RateTotal:
    return RateTotal(Decimal(percent), code_of(Decimal(percent)), net, tax)


class Bill:
    """An invoice of lines (quantity, unit price, percent, perhaps code), credited again and again."""

    def __init__(self, *lines, rounding="document") -> None:
        self.rounding = rounding
        said = [
            {
                "description": "Tea",
                "quantity": Decimal(quantity),
                "unit_price": unit_price,
                "tax_percent": Decimal(percent),
                "tax_code": code[0] if code else None,
                "exemption_reason": "By law" if code == ["exempt"] else None,
            }
            for quantity, unit_price, percent, *code in lines
        ]
        self.priced = price(said, rounding=rounding)
        self.notes = []

    @property
    def creditable(self) -> Creditable:
        return Creditable(
            name="R-1",
            currency="EUR",
            lines={place: self._left(place) for place in range(1, len(self.priced.lines) + 1)},
            rates=self.priced.rates,
            credited=self._credited(),
            rounding=self.rounding,
        )

    def _left(self, place) -> LineLeft:
        line = self.priced.lines[place - 1]
        own = [one for note in self.notes for one in note.lines if one.invoice_position == place]
        gone = sum(one.quantity for one in own if not one.is_price_reduction)
        return LineLeft(
            position=place,
            description=line.description,
            order_line_id=None,
            quantity=line.quantity - gone,
            unit_price=line.unit_price,
            tax_percent=line.tax_percent,
            tax_code=line.tax_code,
            exemption_reason=line.exemption_reason,
            net=line.net - sum(one.net for one in own),
            credited=sum(one.net for one in own),
        )

    def _credited(self) -> list[RateTotal]:
        sums = {}
        for each in (one for note in self.notes for one in note.rates):
            net, tax = sums.get(each.rate, (0, 0))
            sums[each.rate] = (net + each.net, tax + each.tax)
        return [RateTotal(*rate, *both) for rate, both in sums.items()]

    def credit(self, **asked):
        before = self.creditable
        self.notes.append(credit(before, **(NOTHING | asked)))
        after = take(before, self.notes[-1])
        assert (after.lines, after.left) == (self.creditable.lines, self.creditable.left)
        return self.notes[-1]

    def credit_lines(self, *lines):
        asked = [
            {
                "position": place,
                "quantity": None if quantity is None else Decimal(quantity),
                "unit_price": unit_price[0] if unit_price else None,
            }
            for place, quantity, *unit_price in lines
        ]
        return self.credit(lines=asked)

    def credit_rates(self, *rates):
        asked = [
            {"tax_percent": Decimal(percent), "net": net, "tax_code": code[0] if code else None}
            for percent, net, *code in rates
        ]
        return self.credit(rates=asked)


def refused(act):
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value


@pytest.mark.parametrize("rounding", Rounding)
def test_the_tax_of_a_note_is_that_of_all_credited_so_far_less_what_was_credited_before(rounding):
    bill = Bill((1, 1000, 5), rounding=rounding)
    notes = [bill.credit_rates((5, net)) for net in (330, 330, 340)]
    assert [note.rates[0].tax for note in notes] == [17, 16, 17]
    assert bill.creditable.left == [rate(5, 0, 0)]


def test_what_is_exempt_is_credited_with_its_code_and_reason():
    bill = Bill((1, 1000, 0, "exempt"), (1, 500, 0))
    note = bill.credit_lines((1, None), (2, None))
    assert [(line.tax_code, line.exemption_reason) for line in note.lines] == [
        ("exempt", "By law"),
        ("zero", None),
    ]
    assert [(each.tax_code, each.net, each.exemption_reason) for each in note.rates] == [
        ("exempt", 1000, "By law"),
        ("zero", 500, None),
    ]


def test_of_several_codes_at_one_percentage_the_code_is_named():
    bill = Bill((1, 1000, 0, "exempt"), (1, 500, 0))
    refusal = refused(lambda: bill.credit_rates((0, 100)))
    assert (refusal.code, refusal.errors[0]["field"]) == ("tax_code_missing", "rates/0/tax_code")
    assert "exempt and zero at 0 %; name the tax_code" in refusal.detail
    assert bill.credit_rates((0, 100, "exempt"), (0, 50, "zero")).total == 150
    refusal = refused(lambda: bill.credit_rates((0, 100, "exempt"), (0, 50, "exempt")))
    assert (refusal.code, refusal.errors[0]["field"]) == ("no_such_rate", "rates/1/tax_percent")
    refusal = refused(lambda: bill.credit_rates((0, 100, "reverse_charge")))
    assert "it has 0 % exempt, 0 % zero" in refusal.detail


def test_where_tax_is_rounded_by_line_so_is_that_of_what_is_credited_of_each():
    bill = Bill(*[(2, 25, 19)] * 3, rounding="line")  # 0.095 each: 0.10, three times
    notes = [bill.credit_lines((1, None)), bill.credit_lines((2, 1)), bill.credit_lines((2, 1))]
    assert [note.rates[0].tax for note in notes] == [10, 5, 5]
    assert bill.credit().rates == [rate(19, 50, 10)]


@pytest.mark.parametrize(
    ("lines", "asked", "nets", "rates"),
    [
        ([(8, 1800, 20)], [(1, 3)], [5400], [rate(20, 5400, 1080)]),
        ([(8, 1800, 20)], [(1, None)], [14400], [rate(20, 14400, 2880)]),
        ([(5, 5000, 7)], [(1, 4, 1000)], [4000], [rate(7, 4000, 280)]),
        ([("0.333", 100, 0)], [(1, "0.333")], [33], [rate(0, 33, 0)]),
        (
            [(2, 1000, 7), (1, 500, 19)],
            [(2, 1), (1, 1)],
            [500, 1000],
            [rate(7, 1000, 70), rate(19, 500, 95)],
        ),
        (
            [(3, 2000, 20), (-1, 1250, 20)],
            [(1, None), (2, None)],
            [6000, -1250],
            [rate(20, 4750, 950)],
        ),
        ([(3, 2000, 20), (-1, 1250, 20)], [(1, 2)], [4000], [rate(20, 4000, 800)]),
        ([(3, 2000, 20)], [(1, 1), (1, 2, 500)], [2000, 1000], [rate(20, 3000, 600)]),
    ],
)
def test_lines_are_credited_at_their_price_or_by_what_it_is_lowered(lines, asked, nets, rates):
    note = Bill(*lines).credit_lines(*asked)
    assert [line.net for line in note.lines] == nets
    assert note.rates == rates


def test_a_lower_price_leaves_the_quantity_and_what_comes_back_then_is_credited_at_what_is_left():
    bill = Bill((2, 10000, 0))
    assert bill.credit_lines((1, 2, 1000)).lines[0].is_price_reduction
    first, last = bill.credit_lines((1, 1)), bill.credit_lines((1, 1))
    assert [(note.lines[0].unit_price, note.total) for note in (first, last)] == [(9000, 9000)] * 2
    assert not first.lines[0].is_price_reduction


@pytest.mark.parametrize(
    ("asked", "code", "field", "says"),
    [
        ([(1, 4)], "exceeds_line", "lines/0/quantity", "line 1 of invoice R-1, quantity 3 is left"),
        ([(1, -1)], "exceeds_line", "lines/0/quantity", "quantity 3 is left"),
        (
            [(2, 1)],
            "exceeds_line",
            "lines/0/quantity",
            "line 2 of invoice R-1, quantity -1 is left",
        ),
        ([(1, 3, 2001)], "price_above_invoice", "lines/0/unit_price", "20.00 EUR"),
        ([(1, 3)], "exceeds_rate", "lines", "47.50 EUR net is left to credit at 20 %"),
        ([(3, 1)], "no_such_line", "lines/0/position", "its lines are 1, 2"),
        ([(1, 1), (1, 1)], "no_such_line", "lines/1/position", "named twice"),
        ([(2, -1)], "exceeds_rate", "lines", "47.50 EUR"),
    ],
)
def test_what_a_line_or_its_rate_has_no_more_is_refused_and_what_is_left_is_named(
    asked, code, field, says
):
    bill = Bill((3, 2000, 20), (-1, 1250, 20))
    refusal = refused(lambda: bill.credit_lines(*asked))
    assert (refusal.code, refusal.errors[0]["field"]) == (code, field)
    assert says in refusal.detail


def keeping_back(kept_back, *, quantity="2"):
    asked = {"position": 1, "quantity": Decimal(quantity), "unit_price": None}
    return [asked | {"kept_back": kept_back}]


def test_what_is_kept_back_of_goods_is_a_line_taxed_as_they_are_and_leaves_the_price_of_the_rest():
    bill = Bill((8, 2160, 20))
    note = bill.credit(lines=keeping_back(216))
    assert [(line.net, line.invoice_position) for line in note.lines] == [(4320, 1), (-216, None)]
    assert (note.rates, note.total) == ([rate(20, 4104, 821)], 4925)
    rest = bill.credit_lines((1, None))
    assert (rest.lines[0].unit_price, rest.lines[0].net) == (2160, 6 * 2160)
    assert bill.creditable.total_left == 259  # what was kept back, with its tax


@pytest.mark.parametrize("kept_back", [4321, -1])
def test_no_more_is_kept_back_of_a_line_than_is_credited_of_it(kept_back):
    refusal = refused(lambda: Bill((8, 2160, 20)).credit(lines=keeping_back(kept_back)))
    assert refusal.code == "kept_back_exceeds_credit"
    assert refusal.errors[0]["field"] == "lines/0/kept_back"
    assert "43.20 EUR" in refusal.detail


def test_no_more_of_a_line_is_credited_than_earlier_notes_left():
    bill = Bill((3, 2000, 20))
    bill.credit_lines((1, 2))
    refusal = refused(lambda: bill.credit_lines((1, 2)))
    assert "quantity 1 is left to credit, 20.00 EUR net" in refusal.detail
    bill.credit(amount=1200)
    refusal = refused(lambda: bill.credit_lines((1, 1)))
    assert refusal.code == "exceeds_rate"
    assert "10.00 EUR net is left" in refusal.detail


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ([(19, 100)], "no_such_rate", "rates/0/tax_percent"),
        ([(7, 100), (7, 1)], "no_such_rate", "rates/1/tax_percent"),
        ([(7, 1001)], "exceeds_rate", "rates"),
        ([(7, -1)], "exceeds_rate", "rates"),
        ([(7, 0)], "nothing_credited", "rates"),
    ],
)
def test_rates_are_those_of_the_invoice_and_credited_within_it(asked, code, field):
    refusal = refused(lambda: Bill((1, 1000, 7)).credit_rates(*asked))
    assert (refusal.code, refusal.errors[0]["field"]) == (code, field)


def test_nothing_is_left_of_an_invoice_while_something_is_of_its_rates():
    bill = Bill((1, 10000, 0), (-1, 1000, 5))
    refusal = refused(lambda: bill.credit_rates((0, 8950)))
    assert (refusal.code, refusal.errors[0]["field"]) == ("rates_left", "rates")


def test_one_way_of_saying_what_is_credited_is_enough():
    refusal = refused(lambda: Bill((1, 1000, 7)).credit(amount=1, rates=[]))
    assert (refusal.code, refusal.errors[0]["field"]) == ("one_way_to_credit", "rates")


def test_something_is_credited():
    refusal = refused(lambda: Bill((1, 1000, 7)).credit(amount=0))
    assert (refusal.code, refusal.errors[0]["field"]) == ("nothing_credited", "amount")


@pytest.mark.parametrize("amount", [1071, None])
def test_no_more_is_credited_than_is_left_of_the_invoice(amount):
    bill = Bill((1, 1000, 7))
    if amount is None:
        bill.credit()
    refusal = refused(lambda: bill.credit(amount=amount))
    assert (refusal.code, refusal.errors[0]["field"]) == ("credit_exceeds_invoice", "amount")


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
def test_a_gross_amount_has_the_proportions_of_what_is_left(amount, left, credited):
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


QUANTITIES = st.sampled_from(["1", "2", "3", "0.333", "7.5", "-1", "-0.5"])
LINES = st.lists(
    st.one_of(
        st.tuples(QUANTITIES, st.integers(0, 1999), st.sampled_from(["5", "19", "0"])),
        st.tuples(QUANTITIES, st.integers(0, 1999), st.just("0"), st.just("exempt")),
    ),
    min_size=1,
    max_size=4,
)
SHARES = st.tuples(st.integers(1, 4), st.integers(1, 1000), st.sampled_from([None, 1, 7, 500]))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("amount"), st.integers(1, 3000)),
        st.tuples(st.just("lines"), st.lists(SHARES, min_size=1, max_size=3)),
        st.tuples(
            st.just("rates"),
            st.sampled_from(["5", "19", "0"]),
            st.integers(-50, 3000),
            st.sampled_from([None, "exempt"]),
        ),
    ),
    max_size=6,
)


def act(bill, way, *what):
    if way == "amount":
        bill.credit(amount=what[0])
    elif way == "rates":
        bill.credit_rates(what)
    else:
        left = bill.creditable.lines
        bill.credit_lines(
            *(
                (place, left[place].quantity * share / 1000 if unit_price else None, unit_price)
                for place, share, unit_price in what[0]
                if place in left
            )
        )


@settings(max_examples=60, deadline=None)
@given(lines=LINES, acts=ACTS, rounding=st.sampled_from(Rounding))
def test_in_whatever_mix_nothing_falls_below_zero_and_all_of_it_is_exactly_the_invoice(
    lines, acts, rounding
):
    bill = Bill(*lines, rounding=rounding)
    if bill.priced.total <= 0:
        return
    for way, *what in acts:
        try:
            act(bill, way, *what)
        except Refusal:
            continue
        assert bill.notes[-1].total > 0
        for invoiced, left in zip(bill.priced.rates, bill.creditable.left, strict=True):
            assert min(0, invoiced.net) <= left.net <= max(0, invoiced.net)
            assert min(0, invoiced.tax) <= left.tax <= max(0, invoiced.tax)
        for line, left in zip(bill.priced.lines, bill.creditable.lines.values(), strict=True):
            assert min(0, line.net) <= left.net <= max(0, line.net)
    if bill.creditable.total_left:
        bill.credit()
    assert all(left.net == left.tax == 0 for left in bill.creditable.left)
