"""What documents come to, net and with tax."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import AMOUNT_MAX
from kernel.refusals import Invalid
from services.billing.pricing.rules import Priced, require_amount
from services.billing.pricing.rules import price as price_rounded
from services.billing.taxes.rules import Rounding


def price(lines: list[dict]) -> Priced:
    return price_rounded(lines, rounding=Rounding.DOCUMENT)


def line(quantity: str, unit_price: int, tax_percent: str = "0") -> dict:
    return {
        "description": "x",
        "quantity": Decimal(quantity),
        "unit_price": unit_price,
        "tax_percent": Decimal(tax_percent),
    }


@pytest.mark.parametrize(
    ("quantity", "unit_price", "net"),
    [
        ("1", 1000, 1000),
        ("2.5", 999, 2498),  # 2497.5
        ("0.333", 100, 33),  # 33.3
        ("0.005", 100, 1),  # 0.5
        ("0.004", 100, 0),  # 0.4
    ],
)
def test_a_line_is_quantity_times_unit_price_rounded_half_up(quantity, unit_price, net):
    assert price([line(quantity, unit_price)]).net == net


def test_tax_is_rounded_once_per_rate_and_not_per_line():
    # 19 % of 1.50 is 0.285, rounded 0.29; by line it would be three times 0.10.
    assert price([line("1", 50, "19")] * 3).tax == 29


def test_each_rate_has_its_own_total():
    priced = price([line("1", 1000, "19.00"), line("1", 500, "7"), line("1", 50, "19")])
    assert [(rate.net, rate.tax) for rate in priced.rates] == [(500, 35), (1050, 200)]
    assert (priced.net, priced.tax, priced.total) == (1550, 235, 1785)


def test_a_tax_of_half_a_cent_is_rounded_up():
    assert price([line("1", 50, "7")]).tax == 4  # 3.5


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**6), st.integers(0, 10**7), st.sampled_from(["0", "7", "8.875", "19"])
        ),
        min_size=1,
        max_size=20,
    )
)
def test_totals_are_the_sums_of_lines_and_rates(raw):
    priced = price([line(str(Decimal(q) / 1000), unit, tax) for q, unit, tax in raw])
    assert priced.net == sum(each.net for each in priced.lines)
    assert priced.total == sum(rate.net + rate.tax for rate in priced.rates)
    for rate in priced.rates:
        assert abs(rate.tax - rate.net * rate.tax_percent / 100) <= Decimal("0.5")


def test_what_is_taken_off_lowers_net_and_tax_of_its_rate():
    priced = price([line("3", 2000, "20"), line("-1", 1250, "20")])
    assert [one._asdict()["net"] for one in priced.lines] == [6000, -1250]
    assert [(rate.net, rate.tax) for rate in priced.rates] == [(4750, 950)]


@pytest.mark.parametrize(
    "lines",
    [
        [line("2", AMOUNT_MAX), line("-2", AMOUNT_MAX), line("1", 1)],
        [
            *(line("1", AMOUNT_MAX), line("1", AMOUNT_MAX, "1")),
            line("-1", AMOUNT_MAX * 6 // 10, "100"),
        ],
        [line("1", 100), line("-2", 50)],
        [line("1", 100), line("-2", 51)],
    ],
)
def test_neither_a_line_nor_what_it_is_taken_off_comes_to_too_much_or_nothing(lines):
    with pytest.raises(Invalid) as refused:
        require_amount(price(lines))
    assert refused.value.errors[0]["field"] == "lines"


@pytest.mark.parametrize("total", [0, -1, AMOUNT_MAX + 1])
def test_a_document_must_come_to_something_that_can_be_kept(total):
    with pytest.raises(Invalid) as refused:
        require_amount(price([line("1", total)]))
    assert refused.value.code == "total_out_of_range"


def test_what_is_taxed_by_another_code_has_a_total_of_its_own_with_its_reasons():
    free = {"tax_code": "exempt", "exemption_reason": "School"}
    priced = price(
        [
            line("1", 100) | free,
            line("1", 50),
            line("1", 70) | free,
            line("1", 30) | free | {"exemption_reason": "Bank"},
            line("1", 1000, "7") | {"tax_code": "reduced"},
            line("1", 1000, "7"),
        ]
    )
    assert [
        (*rate.rate[1:], rate.net, rate.tax, rate.exemption_reason) for rate in priced.rates
    ] == [
        ("exempt", 200, 0, "School; Bank"),
        ("zero", 50, 0, None),
        ("reduced", 1000, 70, None),
        ("standard", 1000, 70, None),
    ]
    assert [one._asdict()["tax_code"] for one in priced.lines[:2]] == ["exempt", "zero"]


def test_a_line_whose_code_misses_something_is_refused_by_its_place():
    with pytest.raises(Invalid) as refused:
        price([line("1", 100), line("1", 100, "7") | {"tax_code": "exempt"}])
    assert refused.value.errors[0]["field"] == "lines/1/tax_percent"


def test_tax_is_rounded_by_line_where_the_company_does_so():
    lines = [line("1", 50, "19")] * 3 + [line("-1", 50, "19")]
    assert (
        price_rounded(lines, rounding=Rounding.LINE).tax == 20
    )  # 9.5 is 10, three times, less once
    assert price(lines).tax == 19
