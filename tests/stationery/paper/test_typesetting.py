"""Claims about text in lines."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationery.paper.fonts import Weight, installed
from stationery.paper.typesetting import Line, Style, Typesetter

_STYLE = Style(10)


def _setter(*, direction: int = 0, han_style: str = "JP") -> Typesetter:
    return Typesetter(installed(), han_style=han_style, direction=direction)


def _text(line: Line) -> str:
    """What a line shows, from left to right."""
    return "".join(glyph.text for run in line.runs for glyph in run.glyphs)


def _faces(line: Line) -> list[str]:
    return [run.face.path.stem for run in line.runs]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 1000, ["one two three"]),
        ("one two three", 16, ["one two", "three"]),
        ("one  two", 9, ["one", "two"]),
        ("one\n\ntwo", 1000, ["one", "", "two"]),
        ("Donaudampfschiff", 16, ["Donauda", "mpfschiff"]),
        ("東京商事。", 12, ["東京商", "事。"]),
        ("東京商。", 12, ["東京", "商。"]),
        ("a\u200bb", 3, ["a", "b"]),
        ("", 10, [""]),
        ("W", 0.1, ["W"]),  # at least one character a line
    ],
)
def test_lines_end_where_the_text_allows_it_and_in_a_word_only_if_they_must(
    text: str, width: float, lines: list[str]
) -> None:
    assert [_text(line) for line in _setter().set(text, _STYLE, width)] == lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dear שלום, all", "Dear םולש, all"),
        ("Dear שלום 12 עולם.", "Dear םלוע 12 םולש."),
        ("a \u2068אב 1\u2069 2", "a 1 בא 2"),
        ("(אב)", "(בא)"),
    ],
)
def test_hebrew_in_an_english_line_stands_from_right_to_left(text: str, shown: str) -> None:
    [line] = _setter().set(text, _STYLE, 1000)

    assert _text(line) == shown


def test_a_name_runs_as_it_does_by_itself_and_text_as_the_letter() -> None:
    setter = _setter(direction=1)

    [name] = setter.set_apart("Brown & Sons Ltd.", _STYLE, 1000)
    [text] = setter.set("Brown & Sons Ltd.", _STYLE, 1000)

    assert _text(name) == "Brown & Sons Ltd."
    assert _text(text) == ".Brown & Sons Ltd"


def test_arabic_letters_are_joined() -> None:
    setter = _setter()
    [joined] = setter.set("محمد", _STYLE, 1000)
    apart = [setter.set(letter, _STYLE, 1000)[0] for letter in "محمد"]

    shapes = [glyph.number for run in joined.runs for glyph in run.glyphs]
    assert shapes != [line.runs[0].glyphs[0].number for line in reversed(apart)]


def test_several_scripts_in_one_line_each_have_their_typeface() -> None:
    [line] = _setter().set("A Ω ש م ह ท თ 東 😀", _STYLE, 1000)

    names = {name.removesuffix("-Regular") for name in _faces(line)}
    assert {"NotoSans", "NotoSansHebrew", "NotoSansArabic", "NotoSansDevanagari"} <= names
    assert {"NotoSansThai", "NotoSansGeorgian", "NotoSansCJK"} <= names


def test_joiners_are_nothing_to_see() -> None:
    setter = _setter()

    [line] = setter.set("می\u200cخواهم 👨\u200d👩 \u200d", _STYLE, 1000)

    assert setter.missing == set()
    assert "NotoSansArabic-Regular" in _faces(line)


def test_punctuation_is_of_the_typeface_of_the_text_around_it() -> None:
    [line] = _setter().set("नमस्ते।", _STYLE, 1000)

    assert set(_faces(line)) == {"NotoSansDevanagari-Regular"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a \ue000 b", "a [U+E000] b"),
        ("\U0010fffdx", "[U+10FFFD]x"),
        ("אב\ue000", "[U+E000]בא"),
    ],
)
def test_what_no_typeface_has_stands_there_by_its_code_point(text: str, shown: str) -> None:
    setter = _setter()
    [line] = setter.set_apart(text, _STYLE, 1000)

    assert _text(line) == shown
    assert setter.missing == {next(one for one in text if unicodedata.category(one)[0] == "C")}


@settings(max_examples=150)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    st.floats(min_value=15, max_value=200),
    st.integers(0, 1),
)
def test_no_line_is_wider_than_it_may_be_and_nothing_that_can_be_seen_is_lost(
    text: str, width: float, direction: int
) -> None:
    setter = _setter(direction=direction)
    lines = setter.set(text, _STYLE, width)

    assert all(line.width <= width + 2 or _is_one_piece(line) for line in lines)
    shown = Counter("".join(_text(line) for line in lines))
    wanted = Counter(unicodedata.normalize("NFC", text))
    for character, times in wanted.items():
        if unicodedata.category(character)[0] in "LN" and character not in setter.missing:
            assert shown[character] >= times


def _is_one_piece(line: Line) -> bool:
    return len(unicodedata.normalize("NFC", _text(line))) <= len("[U+10FFFF]")


@settings(max_examples=50)
@given(st.text(max_size=200))
def test_text_that_does_not_fit_is_set_in_the_smallest_size(text: str) -> None:
    styles = [Style(12, Weight.BOLD), Style(9, Weight.BOLD), Style(6, Weight.BOLD)]

    lines = _setter().fit(text, styles, 60, lines_max=2)

    assert len(lines) <= 2 or {line.size for line in lines} == {6}
