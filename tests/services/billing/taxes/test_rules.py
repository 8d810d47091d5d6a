"""What a code of tax demands, and what must stand on a document because of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from kernel.refusals import Invalid
from services.billing.taxes.rules import TaxCode, choose_code, join_reasons, legal_texts, tax_on

REASON = "Exempt under section 4 no. 21 UStG"


@pytest.mark.parametrize(
    ("percent", "given", "reason", "code"),
    [
        ("0", None, None, TaxCode.ZERO),
        ("0.00", None, None, TaxCode.ZERO),
        ("0.001", None, None, TaxCode.STANDARD),
        ("7", None, None, TaxCode.STANDARD),
        ("7", "reduced", None, TaxCode.REDUCED),
        ("19", "standard", None, TaxCode.STANDARD),
        ("0", "zero", None, TaxCode.ZERO),
        ("0", "exempt", REASON, TaxCode.EXEMPT),
        ("0", "reverse_charge", None, TaxCode.REVERSE_CHARGE),
        ("0", "reverse_charge", "Steuerschuldnerschaft", TaxCode.REVERSE_CHARGE),
    ],
)
def test_the_code_is_the_one_given_or_follows_from_the_percentage(
    percent: str, given: str | None, reason: str | None, code: TaxCode
) -> None:
    assert choose_code(Decimal(percent), given, reason, field="lines/0") is code


@pytest.mark.parametrize(
    ("percent", "code", "reason", "refusal", "field", "remedy"),
    [
        ("7", "zero", None, "tax_percent_not_zero", "tax_percent", "give tax_percent 0"),
        ("7", "exempt", REASON, "tax_percent_not_zero", "tax_percent", "give tax_percent 0"),
        ("7", "reverse_charge", None, "tax_percent_not_zero", "tax_percent", "or the code"),
        ("0", "standard", None, "tax_percent_zero", "tax_percent", "or the code zero, exempt"),
        ("0", "reduced", None, "tax_percent_zero", "tax_percent", "give its tax_percent"),
        ("0", "exempt", None, "exemption_reason_missing", "exemption_reason", "give exemption"),
        (
            "0",
            None,
            REASON,
            "exemption_reason_out_of_place",
            "exemption_reason",
            "leave the reason",
        ),
        (
            "7",
            None,
            REASON,
            "exemption_reason_out_of_place",
            "exemption_reason",
            "leave the reason",
        ),
    ],
)
def test_what_a_code_demands_is_refused_by_the_field_that_it_misses(
    percent: str, code: str | None, reason: str | None, refusal: str, field: str, remedy: str
) -> None:
    with pytest.raises(Invalid, match=remedy) as refused:
        choose_code(Decimal(percent), code, reason, field="lines/3")
    assert refused.value.code == refusal
    assert refused.value.errors[0]["field"] == f"lines/3/{field}"


@pytest.mark.parametrize(
    ("net", "percent", "tax"), [(50, "7", 4), (-50, "7", -4), (150, "19", 29), (0, "19", 0)]
)
def test_half_a_cent_of_tax_is_rounded_away_from_nothing(net: int, percent: str, tax: int) -> None:
    assert tax_on(net, Decimal(percent)) == tax


class _Rate(NamedTuple):
    tax_code: str
    exemption_reason: str | None = None


@pytest.mark.parametrize(
    ("rates", "texts"),
    [
        ([_Rate("standard"), _Rate("reduced"), _Rate("zero")], []),
        ([_Rate("exempt", REASON)], [{"tax_code": "exempt", "text": REASON}]),
        (
            [_Rate("reverse_charge"), _Rate("standard")],
            [
                {
                    "tax_code": "reverse_charge",
                    "text": "Reverse charge: the recipient of the supply is liable for the tax.",
                }
            ],
        ),
        ([_Rate("reverse_charge", "Own")], [{"tax_code": "reverse_charge", "text": "Own"}]),
    ],
)
def test_by_code_the_stated_reason_stands_or_what_the_law_wants(
    rates: list[_Rate], texts: list[dict[str, Any]]
) -> None:
    assert legal_texts(rates) == texts


def test_a_reason_stands_once_however_many_lines_have_it() -> None:
    assert join_reasons(["Old", None, "New", "Old"]) == "Old; New"
    assert join_reasons([None]) is None
