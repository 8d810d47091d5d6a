"""What a text, a number or a moment may look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import grammar
from kernel.grammar import Unreadable


def quantity(value: Any) -> Decimal:
    return grammar.read_decimal(value, grammar.QUANTITY, "no quantity")


def percent(value: Any) -> Decimal:
    return grammar.read_decimal(value, grammar.PERCENT, "no percentage")


def name(value: Any) -> str:
    return grammar.read_one_line(value, 10)


def text(value: Any) -> str:
    return grammar.read_text(value, 10)


@pytest.mark.parametrize(
    ("read", "written", "read_as"),
    [
        (quantity, "2", Decimal(2)),
        (quantity, 2, Decimal(2)),
        (quantity, "0.125", Decimal("0.125")),
        (quantity, "1000000000.000", Decimal(10**9)),
        (percent, "0", Decimal(0)),
        (percent, "8.875", Decimal("8.875")),
        (percent, "100.000", Decimal(100)),
        (grammar.whole_from_text, "0", 0),
        (grammar.whole_from_text, "-60", -60),
        (name, " Ada Ross ", "Ada Ross"),
        (name, "Zoe\u0308", "Zo\u00eb"),
        (name, "\u200fשלום", "\u200fשלום"),
        *((name, one, one) for one in ("می\u200cخ", "क्\u200dष", "👩\u200d🚀", "_", "+", "7")),
        (text, "a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        (text, "a\x85\u2029b\t", "a\n\nb"),
        (grammar.read_instant, "2026-01-31T09:00:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)),
    ],
)
def test_what_is_well_written_is_read(
    read: Callable[[Any], Any], written: Any, read_as: Any
) -> None:
    assert read(written) == read_as


@pytest.mark.parametrize(
    ("read", "written"),
    [
        *((quantity, one) for one in ("1_000", "１２", "1e2", " 2", "2 ", "2\n", "+2", "-2", "02")),
        *((quantity, one) for one in ("0", "0.000", "1.2345", "1000000000.001", ".5", "5.", "1,5")),
        *((quantity, one) for one in (0, -1, 1.5, True, None, "NaN", "Infinity", [], 10**9 + 1)),
        *(
            (percent, one)
            for one in ("-0", "-0.00", "100.001", "101", "1e1", "１", "0x1", 19.5, 101)
        ),
        *((name, one) for one in ("", "  ", "a\nb", "a\n", "a\rb", "a\tb", "a\u2028b", "a\x85b")),
        *((name, one) for one in ("a\x00", "a\x1b[0m", "a\x9f", "\u202eda", "\u2066a", "a\ufffe")),
        *((name, one) for one in ("a\ud800", "a\U0001ffff", "a" * 11, None, 5, True)),
        *(
            (name, one)
            for one in ("\u200b", "\u00ad\ufeff", "\u3164", "\u2800", "\U000e0041", "\u0300")
        ),
        *((text, one) for one in ("\u200d\n\u200b", "\u115f\u1160", "\uffa0")),
        *(
            (text, one)
            for one in ("", "\n", "a\x0bb", "a\x0cb", "a\x00", "\u202a", "\ufdd0", "a" * 11)
        ),
        *(
            (grammar.read_day, one)
            for one in ("2026-02-30", "2026-1-1", "20260101", "２０２６-01-01")
        ),
        *((grammar.read_instant, one) for one in ("2026-01-31T09:00:00", "2026-01-31", "1.1.26")),
        (grammar.read_instant, "2026-01-31T09:00:00-00:60"),
        *(
            (grammar.read_instant, one)
            for one in ("0001-01-01T00:00:00+05:00", "2026-01-31T25:00Z")
        ),
        (grammar.read_instant, "9999-12-31T23:59:59-05:00"),
    ],
)
def test_what_is_not_is_refused(read: Callable[[Any], Any], written: Any) -> None:
    with pytest.raises(Unreadable):
        read(written)


@pytest.mark.parametrize("given", ["1_0", " 5", "+5", "５", "05", "-0", "5.0", "", "5\n", None])
def test_a_text_is_no_number_unless_it_is_written_as_one(given: Any) -> None:
    assert grammar.whole_from_text(given) == given


PATTERNS = [
    value
    for name, value in vars(grammar).items()
    if re.fullmatch("[A-Z_]+", name) and isinstance(value, str) and not name.startswith("_")
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_the_same_to_python_and_to_json_schema(pattern: str) -> None:
    published = jsonschema_rs.Draft202012Validator({"pattern": grammar.anchored(pattern)})
    near = st.from_regex(pattern, fullmatch=True) | st.text(max_size=12)

    @given(near | near.map(lambda one: one + "\n") | near.map(lambda one: one[1:]))
    def agree(text: str) -> None:
        assert published.is_valid(text) == grammar.fits(pattern, text)

    agree()


@given(st.text(max_size=10))
def test_what_was_read_once_is_read_the_same_again(written: str) -> None:
    try:
        read = text(written)
    except Unreadable:
        return
    assert unicodedata.is_normalized("NFC", read)
    if len(read) <= 10:
        assert text(read) == read


@pytest.mark.parametrize(
    ("tag", "proper"),
    [
        ("de", "de"),
        ("DE-at", "de-AT"),
        ("zh-HANT", "zh-Hant"),
        ("ES-419", "es-419"),
        ("sl-ROZAJ-1994", "sl-rozaj-1994"),
        ("en-Latn-gb-U-CA-Buddhist", "en-Latn-GB-u-ca-buddhist"),
        ("de-X-AB", "de-x-ab"),
    ],
)
def test_a_language_tag_is_read_into_its_proper_case(tag: str, proper: str) -> None:
    assert grammar.read_language(tag, grammar.VARIETY) == proper


@pytest.mark.parametrize(
    "tag",
    [*("", "d", "german", "de_AT", "de-", "de-A", "dé", "en\n", "x-a", "ca-valencia"), 5, None],
)
def test_what_is_no_language_is_refused_with_what_one_is(tag: Any) -> None:
    with pytest.raises(Unreadable, match="such as de, pt-BR or zh-Hant"):
        grammar.read_language(tag, grammar.LANGUAGE)


def test_a_tag_is_no_longer_than_every_program_takes() -> None:
    with pytest.raises(Unreadable):
        grammar.read_language("en-" + "-".join(["abcde"] * 6), grammar.VARIETY)


@given(st.from_regex(grammar.LANGUAGE, fullmatch=True))
def test_a_language_is_itself_in_its_proper_case_and_a_variety(tag: str) -> None:
    proper = grammar.read_language(tag, grammar.LANGUAGE)

    assert proper.lower() == tag.lower()
    assert grammar.read_language(proper, grammar.VARIETY) == proper


@given(st.from_regex("[a-z]{2,3}(-[A-Z]{2})?", fullmatch=True))
def test_what_was_a_language_before_scripts_were_taken_is_kept_as_it_is(tag: str) -> None:
    assert grammar.read_language(tag, grammar.LANGUAGE) == tag
