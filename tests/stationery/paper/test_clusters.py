"""Claims about what belongs together in a line of text, and where a line may end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationery.paper.clusters import cut


def _pieces(text: str) -> list[str]:
    return [cluster.text for cluster in cut(text, direction=0)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("e\u0301a", ["é", "a"]),
        ("x\u0301\u0302y", ["x\u0301\u0302", "y"]),
        ("क्षत्रि", ["क्ष", "त्रि"]),
        ("เก่า", ["เก่า"]),
        ("กำ", ["กำ"]),
        ("👍🏽", ["👍🏽"]),
        ("👨\u200d👩", ["👨\u200d👩"]),
        ("❤\ufe0f!", ["❤", "!"]),  # how to draw an emoji is nothing to draw
        ("a\u2068b\u2069", ["a", "b"]),
        ("a\tb\x00", ["a", " ", "b", " "]),
        ("", []),
    ],
)
def test_marks_and_joiners_stay_with_their_character(text: str, pieces: list[str]) -> None:
    assert _pieces(text) == pieces


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("two words", "two |words"),
        ("nine\u00a0EUR", "nine\u00a0EUR"),
        ("1\u202f234 EUR", "1\u202f234 |EUR"),
        ("INV-2026/7", "INV-|2026/|7"),
        ("-5", "-|5"),
        ("東京都。", "東|京|都。"),
        ("「東京」", "「東|京」"),
        ("カード", "カー|ド"),
        ("한국 무역", "한국 |무역"),
        ("a\u200bb", "a\u200b|b"),
        ("a東b", "a|東|b"),
    ],
)
def test_a_line_may_end_where_people_end_lines(text: str, marked: str) -> None:
    shown = "".join(cluster.text + "|" * cluster.may_end_line for cluster in cut(text, direction=0))

    assert shown.removesuffix("|") == marked


@given(st.text())
def test_no_character_that_can_be_seen_is_lost(text: str) -> None:
    whole = unicodedata.normalize("NFC", text)
    kept = "".join(_pieces(text))

    seen = [one for one in whole if unicodedata.category(one)[0] in "LNPS"]
    assert [one for one in kept if unicodedata.category(one)[0] in "LNPS"] == seen
