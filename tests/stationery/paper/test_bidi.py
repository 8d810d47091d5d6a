"""Claims about which way characters run (UAX 9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationery.paper.bidi import first_direction, levels


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("abc", 0, "000"),
        ("abc", 1, "222"),
        ("אבג", 0, "111"),
        ("a אב c", 0, "001100"),
        ("a אב 12 גד c", 0, "001112211100"),  # a number in Hebrew runs with it, its digits do not
        ("אב, a.", 1, "111121"),
        ("عدد 12", 0, "111122"),
        ("عدد 1,2", 1, "1111222"),  # W4
        ("12%", 1, "222"),  # W5
        ("אב (a) ג", 1, "11112111"),  # N0
        ("a (ב) c", 0, "0001000"),  # N0
        ("אְב", 0, "111"),  # W1: a mark runs with its letter
        ("-1", 1, "12"),  # W6
        ("a\u2068אב\u2069 1", 0, "0011000"),  # an isolate does not take the number with it
        ("אב\u2068a 1\u2069", 1, "1112221"),
        ("\u2067a\u2069 b", 0, "02000"),
        ("", 1, ""),
    ],
)
def test_each_character_has_the_level_that_the_algorithm_gives_it(
    text: str, direction: int, expected: str
) -> None:
    assert "".join(map(str, levels(text, direction))) == expected


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("abc אבג", 0),
        ("12 אבג abc", 1),
        ("12 -", 0),
        ("عربي", 1),
        ("\u2068אב\u2069 a", 0),  # what is set apart does not count
        ("", 0),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text: str, direction: int) -> None:
    assert first_direction(text) == direction


_CHARACTERS = "abאבعر12٣,.:+%$()[] \u0301\u05b8\u2066\u2067\u2068\u2069"


@given(st.text(_CHARACTERS, max_size=20), st.integers(0, 1))
def test_every_text_has_a_level_for_each_character(text: str, direction: int) -> None:
    found = levels(text, direction)

    assert len(found) == len(text)
    assert all(level >= direction for level in found)
    for character, level in zip(text, found, strict=True):
        if character in "ab":
            assert level % 2 == 0
        elif character in "אבعر":
            assert level % 2 == 1
