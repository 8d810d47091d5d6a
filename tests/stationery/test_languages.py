"""Claims about language tags, and about how languages write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import get_group_symbol
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from stationery.languages import (
    canonical,
    han_style,
    is_right_to_left,
    look_up,
    ways_of,
    write_day,
    write_money,
    write_number,
    write_percent,
)

SWISS = get_group_symbol("de_CH")  # of the apostrophes, releases of CLDR differ in which


@pytest.mark.parametrize(
    ("tag", "proper"),
    [
        ("de", "de"),
        ("DE-at", "de-AT"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-ROZAJ-biske-1994", "sl-rozaj-biske-1994"),
        ("en-u-CA-buddhist", "en-u-ca-buddhist"),
        ("de-x-ab", "de-x-ab"),
        ("fil", "fil"),
        ("iw", "he"),
        ("no", "nb"),
        ("sh-BA", "sr-Latn-BA"),
        ("deu", "de"),
        ("english", None),
        ("", None),
        ("d", None),
        ("de_AT", None),
        ("de-", None),
        ("de-A", None),
        ("dé", None),
        ("en\n", None),
        ("\nen", None),
        ("x-private", None),
        ("en-" + "-".join(["abcde"] * 6), None),
    ],
)
def test_a_tag_is_of_bcp_47_and_has_one_spelling(tag: str, proper: str | None) -> None:
    assert canonical(tag) == proper


@given(st.from_regex(r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?", fullmatch=True))
def test_a_proper_tag_stays_as_it_is(tag: str) -> None:
    proper = canonical(tag)

    assert proper is not None
    assert canonical(proper) == proper


@pytest.mark.parametrize(
    ("wanted", "available", "found"),
    [
        ("de-AT", ["en", "de"], "de"),
        ("de-AT", ["de", "de-AT"], "de-AT"),
        ("zh-Hant-TW", ["zh", "zh-Hant"], "zh-Hant"),
        ("zh-TW", ["zh", "zh-Hans", "zh-Hant"], "zh-Hant"),
        ("zh-CN", ["zh-Hans", "zh-Hant"], "zh-Hans"),
        ("zh", ["zh-Hans", "zh-Hant"], "zh-Hans"),
        ("zh-TW", ["zh"], "zh"),
        ("fil", ["fi", "en"], None),
        ("fi", ["fil"], None),
        ("de", ["de-DE"], "de-DE"),
        ("de-AT", ["de-CH"], None),
        ("no", ["nb"], "nb"),
        ("iw-IL", ["he"], "he"),
        ("DE-at", ["De"], "De"),
        ("sr-Latn", ["sr"], "sr"),
        ("en-u-ca-buddhist", ["en"], "en"),
        ("", ["en"], None),
        ("english", ["en"], None),
    ],
)
def test_the_text_that_fits_a_reader_best_is_looked_up(
    wanted: str, available: list[str], found: str | None
) -> None:
    assert look_up(wanted, available) == found


@pytest.mark.parametrize(
    ("language", "reader", "ways"),
    [
        ("de", "de-CH", "de-CH"),
        ("en", "en-US", "en-US"),
        ("en", "fr", "en"),
        ("sr", "sr-Latn", "sr"),  # the text is in Cyrillic script, so is its month
        ("zh-Hant", "zh-TW", "zh-TW"),
        ("de", "", "de"),
    ],
)
def test_the_readers_own_ways_count_in_the_language_and_script_of_the_text(
    language: str, reader: str, ways: str
) -> None:
    assert ways_of(language, reader) == ways


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "5 March 2026"),
        ("en-US", "March 5, 2026"),
        ("de", "5. März 2026"),
        ("fr", "5 mars 2026"),
        ("ja", "2026年3月5日"),
        ("ko", "2026년 3월 5일"),
        ("ar", "5 مارس 2026"),
        ("he", "5 במרץ 2026"),
        ("fil", "Marso 5, 2026"),
        ("tlh", "2026-03-05"),  # nothing is known of it
    ],
)
def test_days_are_written_as_the_language_writes_them(tag: str, text: str) -> None:
    assert write_day(date(2026, 3, 5), tag) == text


@pytest.mark.parametrize(
    ("money", "tag", "text"),
    [
        (Money(123_450, "EUR"), "en", "1,234.50 EUR"),
        (Money(123_450, "EUR"), "de", "1.234,50 EUR"),
        (Money(123_450, "EUR"), "de-CH", f"1{SWISS}234.50 EUR"),
        (Money(123_450, "EUR"), "fr", "1\u202f234,50 EUR"),
        (Money(123_450, "EUR"), "pl", "1\u00a0234,50 EUR"),
        (Money(123_456_789, "INR"), "hi", "12,34,567.89 INR"),
        (Money(1_234_567, "JPY"), "ja", "1,234,567 JPY"),
        (Money(1_234_567, "KWD"), "ar", "1,234.567 KWD"),
        (Money(5, "EUR"), "de", "0,05 EUR"),
        (Money(10**15, "IDR"), "en", "10,000,000,000,000.00 IDR"),
        (Money(123_450, "EUR"), "tlh", "1,234.50 EUR"),
    ],
)
def test_sums_are_written_as_the_language_writes_them_with_the_currencys_code(
    money: Money, tag: str, text: str
) -> None:
    assert write_money(money, tag) == text


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_no_cent_of_a_sum_is_lost_in_writing(minor: int, currency: str) -> None:
    digits = "".join(one for one in write_money(Money(minor, currency), "de") if one.isdecimal())

    assert int(digits) == abs(minor)


@pytest.mark.parametrize(
    ("tag", "is_so"),
    [
        ("ar", True),
        ("he-IL", True),
        ("iw", True),
        ("ur", True),
        ("fa", True),
        ("az-Arab", True),
        ("az", False),
        ("en", False),
        ("ja", False),
        ("", False),
    ],
)
def test_the_script_says_from_where_a_language_is_written(tag: str, is_so: bool) -> None:
    assert is_right_to_left(tag) is is_so


@pytest.mark.parametrize(
    ("tag", "style"),
    [
        ("ja", "JP"),
        ("ko-KR", "KR"),
        ("zh", "SC"),
        ("zh-CN", "SC"),
        ("zh-TW", "TC"),
        ("zh-Hant", "TC"),
        ("zh-HK", "HK"),
        ("en", None),
        ("", None),
    ],
)
def test_a_reader_expects_his_own_shapes_of_chinese_characters(tag: str, style: str | None) -> None:
    assert han_style(tag) == style


@pytest.mark.parametrize(
    ("tag", "number", "percent"),
    [
        ("en", "1,234.5", "5.5%"),
        ("de", "1.234,5", "5,5\xa0%"),
        ("tr", "1.234,5", "%5,5"),
        ("ar", "1,234.5", "5.5%"),
        ("tlh", "1,234.5", "5.5%"),
    ],
)
def test_numbers_and_percents_are_written_as_the_language_does(
    tag: str, number: str, percent: str
) -> None:
    assert write_number(Decimal("1234.500"), tag) == number
    assert write_percent(Decimal("5.500"), tag).rstrip("\u061c\u200e") == percent
