"""Claims about where everything of a letter stands."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.collections.letters.rules import Letter
from services.collections.paper.layout import lay_out
from stationery.paper.fonts import installed
from stationery.paper.pages import FOOT, LEFT, RIGHT, TOP, Image, Page, Words
from stationery.paper.pictures import Picture
from stationery.paper.tables import Table, choose_columns
from stationery.paper.typesetting import MILLIMETRES, Style, Typesetter

_LETTER = Letter(
    reference="dnt_01jd3v4q6ye8z9t5k2m7n0p1xw",
    language="en",
    written_on="5 March 2026",
    sender="Accounts Receivable",
    sender_email="collections@steward.example",
    recipient=["Brown & Sons", "Attn. Ann Payer"],
    facts=[["Account", "A-1001"], ["Our reference", "dnt_01jd3v4q6ye8z9t5k2m7n0p1xw"]],
    subject="Reminder: 1,050.00 EUR is overdue",
    opening="Dear Sir or Madam,\n\nit may have escaped your attention that it was due.",
    columns=["Invoice", "Due", "Days overdue", "Invoiced", "To pay"],
    rows=[["2026-000001", "1 March 2026", "4", "1,234.56 EUR", "1,000.00 EUR"]] * 2,
    total=["Total", "1,050.00 EUR"],
    closing="Please pay 1,050.00 EUR.\n\nYours faithfully,",
    page="Page {page} of {pages}",
    reader="en",
)
_LONG_NAME = "The Extraordinarily Long-Named Import, Export and Forwarding Company " * 3
_IDR = "12,345,678,901.00 IDR"


def _laid_out(direction: int = 0, **differently: Any) -> list[Page]:
    letter = replace(_LETTER, **differently)
    return lay_out(letter, Typesetter(installed(), han_style="JP", direction=direction))


def _words(page: Page) -> list[Words]:
    return [mark for mark in page if isinstance(mark, Words) and mark.line.runs]


def _text(words: Words) -> str:
    return "".join(glyph.text for run in words.line.runs for glyph in run.glyphs)


def _find(pages: list[Page], text: str) -> Words:
    return next(words for page in pages for words in _words(page) if _text(words) == text)


def _require_in_order(pages: list[Page]) -> None:
    """Nothing beyond the margins, and nothing on anything else."""
    for page in pages:
        for words in _words(page):
            assert words.x >= LEFT - 0.1
            assert words.x + words.line.width <= RIGHT + 0.1
            assert TOP <= words.baseline <= FOOT + 8
        for one, other in combinations(_words(page), 2):
            above, below = sorted((one, other), key=lambda words: words.baseline)
            is_apart = below.baseline - above.baseline >= below.line.size * MILLIMETRES * 0.9
            is_beside = (
                one.x + one.line.width <= other.x + 0.01
                or other.x + other.line.width <= one.x + 0.01
            )
            assert is_apart or is_beside, (_text(one), _text(other))


def test_the_recipient_stands_in_the_window_and_the_text_below_the_fold() -> None:
    pages = _laid_out()

    name = _find(pages, "Brown & Sons")
    assert (name.x, name.line.size) == (LEFT, 11)
    assert 50 < name.baseline < 60
    assert _find(pages, _LETTER.subject).baseline > 95


def test_a_postal_address_stands_in_the_window_and_the_senders_above_it_and_in_the_foot() -> None:
    lines = ["Dept. 7", "1 Quay", "DUBLIN", "IRELAND"]
    sent = {"sender_address": ["Kai 1", "20457 HAMBURG"], "bank": "IBAN DE89 3704"}
    pages = _laid_out(recipient=[*_LETTER.recipient, *lines], **sent)

    for line in lines:
        words = _find(pages, line)
        assert (words.x, words.line.size) == (LEFT, 11)
        assert 55 < words.baseline < 85, "a window of DIN 5008 shows 45 to 90 mm"
    assert _find(pages, "Accounts Receivable, Kai 1, 20457 HAMBURG").baseline < 50
    assert _find(pages, "IBAN DE89 3704").baseline > 270


@pytest.mark.parametrize("direction", [0, 1])
@pytest.mark.parametrize("sender", ["Accounts", "W" * 60, _LONG_NAME])
@pytest.mark.parametrize("size", [(400, 100), (10, 2000), (2000, 10), (1, 1)])
def test_a_logo_stands_on_the_first_page_beside_the_sender_and_above_the_window(
    direction: int, sender: str, size: tuple[int, int]
) -> None:
    letter = replace(_LETTER, sender=sender, opening="word " * 2000)
    setter = Typesetter(installed(), han_style="JP", direction=direction)
    first, *others = lay_out(letter, setter, Picture(*size, b""))
    [logo] = [mark for mark in first if isinstance(mark, Image)]
    assert not [mark for page in others for mark in page if isinstance(mark, Image)]
    assert logo.width / logo.height == pytest.approx(size[0] / size[1])
    assert logo.left >= LEFT and logo.left + logo.width <= RIGHT
    assert logo.top + logo.height <= 45, "where the window begins"
    beside = [words for words in _words(first) if words.baseline < 45]
    assert beside
    for words in beside:
        is_left = words.x + words.line.width < logo.left
        assert is_left or words.x > logo.left + logo.width


@pytest.mark.parametrize("direction", [0, 1])
@pytest.mark.parametrize(
    "differently",
    [
        {},
        {
            "recipient": [
                "Brown & Sons",
                "Attn. Ann",
                "Dept. 7",
                "House 3",
                "1 Quay",
                "D",
                "IRELAND",
            ],
            "sender_address": ["Kai 1", "20457 HAMBURG"],
            "bank": "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
        },
        {"recipient": [_LONG_NAME[:200], "Attn. " + "Wolfeschlegelsteinhausen" * 5]},
        {"recipient": ["W" * 200, "M" * 200]},
        {"sender": _LONG_NAME, "sender_email": "x" * 60 + "@" + "y" * 180 + ".example"},
        {"rows": [["2026-000001", "31 September 2026", "1234", _IDR, _IDR]] * 3},
        {"rows": [["INVOICE" * 20, "31 September 2026", "9999", _IDR, _IDR]] * 20},
        {"rows": [["A", "B", "C", "9" * 60, "9" * 60]]},
        {"rows": [["A", "B" * 80, "C" * 80, "D" * 80, "E" * 80]] * 3},
        {"columns": ["Donaudampfschifffahrtsrechnung"] * 5},
        {"total": ["The sum of all the items above " * 5, "9" * 30 + " IDR"]},
        {"facts": [["A rather long label for a number " * 3, "9" * 200]] * 2},
        {"subject": "Reminder " * 40, "opening": "word " * 2000, "closing": "x" * 5000},
        {"page": "This page is number {page} of all in all {pages}"},
    ],
    ids=lambda differently: "-".join(differently) if isinstance(differently, dict) else "",
)
def test_nothing_lies_on_anything_else_or_beyond_the_margins(
    differently: dict[str, Any], direction: int
) -> None:
    _require_in_order(_laid_out(direction, **differently))


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=60), st.integers(1, 12))
def test_that_is_so_whatever_names_and_numbers_there_are(name: str, number: str, rows: int) -> None:
    row = [number, "5. huhtikuuta 2026", "400", _IDR, _IDR]

    _require_in_order(_laid_out(recipient=[name], sender=name, subject=name, rows=[row] * rows))


@pytest.mark.parametrize(("rows", "pages"), [(1, 1), (12, 1), (60, 3), (100, 4)])
def test_a_long_table_goes_on_on_the_next_page_under_the_names_of_its_columns(
    rows: int, pages: int
) -> None:
    laid_out = _laid_out(rows=_LETTER.rows[:1] * rows)

    assert len(laid_out) == pages
    for number, page in enumerate(laid_out, 1):
        texts = [_text(words) for words in _words(page)]
        assert texts[-1] == f"Page {number} of {pages}"
        assert ("2026-000001" in texts) == ("Days overdue" in texts)
    texts = [_text(words) for page in laid_out for words in _words(page)]
    assert texts.count("2026-000001") == rows


@pytest.mark.parametrize("rows", range(20, 30))
def test_the_sum_never_stands_alone_on_a_page(rows: int) -> None:
    for page in _laid_out(rows=_LETTER.rows[:1] * rows):
        texts = [_text(words) for words in _words(page)]
        assert "Total" not in texts or "2026-000001" in texts


@pytest.mark.parametrize("direction", [0, 1])
def test_sums_stand_one_below_the_other_flush_right(direction: int) -> None:
    rows = [["1", "x", "4", "1.00 EUR", "2.00 EUR"], ["2", "x", "400", _IDR, "12,345.00 EUR"]]
    pages = _laid_out(direction, rows=rows)

    for above, below in zip(rows[0][2:], rows[1][2:], strict=True):
        ends = [words.x + words.line.width for words in (_find(pages, above), _find(pages, below))]
        assert ends[0] == pytest.approx(ends[1])


def test_a_letter_from_right_to_left_is_mirrored() -> None:
    plain, mirrored = _laid_out(0), _laid_out(1)

    for text in ("Total", "Invoice", "Page 1 of 1", "5 March 2026"):
        one, other = _find(plain, text), _find(mirrored, text)
        assert one.x - LEFT == pytest.approx(RIGHT - other.x - other.line.width)
    window_end = LEFT + 85  # the recipient stays in the window
    name = _find(mirrored, "Brown & Sons")
    assert name.x + name.line.width == pytest.approx(window_end)


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        (["2026-000001", "1 March 2026", "4", _IDR, _IDR], [1, 1, 1, 1, 1]),
        (["INVOICE" * 10, "31 September 2026", "4", _IDR, _IDR], [5, 1, 1, 1, 1]),
    ],
)
def test_dates_and_sums_stay_in_one_line_and_the_invoices_number_gives_way(
    row: list[str], lines: list[int]
) -> None:
    setter = Typesetter(installed(), han_style="JP", direction=0)
    columns = choose_columns(setter, Table(_LETTER.columns, [row], text_columns=2))

    assert sum(column.width + 4 for column in columns.all) == pytest.approx(RIGHT - LEFT)
    texts = [
        len(setter.set_apart(cell, Style(columns.size), column.width))
        for cell, column in zip(row, columns.all, strict=True)
    ]
    assert texts == lines
