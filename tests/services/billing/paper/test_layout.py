"""Claims about where everything of a document stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.document_facts.rules import DocumentFacts, Due
from services.billing.paper.layout import lay_out
from services.billing.sheets.rules import compose
from stationery.languages import is_right_to_left
from stationery.paper.fonts import installed
from stationery.paper.pages import FOOT, LEFT, RIGHT, TOP, Image, Page, Words
from stationery.paper.typesetting import MILLIMETRES, Typesetter
from tests.services.billing.papers import BUYER, SELLER, bill, line


def _laid_out(written: DocumentFacts) -> list[Page]:
    sheet = compose(written, reference="doc_1", email="a@steward.example")
    direction = int(is_right_to_left(sheet.language))
    return lay_out(sheet, Typesetter(installed(), han_style="JP", direction=direction))


def _words(page: Page) -> list[Words]:
    return [mark for mark in page if isinstance(mark, Words) and mark.line.runs]


def _text(words: Words) -> str:
    return "".join(glyph.text for run in words.line.runs for glyph in run.glyphs)


def _texts(page: Page) -> list[str]:
    return [_text(words) for words in _words(page)]


def _require_in_order(pages: list[Page]) -> None:
    """Nothing beyond the margins, and nothing on anything else."""
    for page in pages:
        words = _words(page)
        for one in words:
            assert one.x >= LEFT - 0.1 and one.x + one.line.width <= RIGHT + 0.1, _text(one)
            assert TOP <= one.baseline <= FOOT + 8
        for one, other in combinations(words, 2):
            above, below = sorted((one, other), key=lambda words: words.baseline)
            is_apart = below.baseline - above.baseline >= below.line.size * MILLIMETRES * 0.9
            is_beside = (
                one.x + one.line.width <= other.x + 0.01
                or other.x + other.line.width <= one.x + 0.01
            )
            assert is_apart or is_beside, (_text(one), _text(other))
        for code in (mark for mark in page if isinstance(mark, Image)):
            assert code.left >= LEFT and code.left + code.width <= RIGHT
            assert code.top + code.height < FOOT
            for one in words:
                is_clear = one.x + one.line.width <= code.left or one.x >= code.left + code.width
                top = one.baseline - one.line.size * MILLIMETRES
                assert is_clear or one.baseline <= code.top or top >= code.top + code.height - 1


_LONG = "The Extraordinarily Long-Named Import, Export and Forwarding Company " * 2
_RATES = [line(1_000 * place, str(place)) for place in range(1, 31)]
_DUES = tuple(Due(date(2026, 1 + place % 12, 1 + place // 12), 100) for place in range(60))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    "written",
    [
        bill(),
        bill(*_RATES),
        bill(dues=_DUES),
        bill(buyer=replace(BUYER, name=_LONG, lines=("W" * 100, "M" * 100))),
        bill(seller=replace(SELLER, name=_LONG, tax_ids=(("Registration", "9" * 40),) * 3)),
        bill(number="N" * 60, client_order_number="O" * 60),
        bill(line(10**14, description="Chair " * 80)),
        bill(
            *[line(10_000, reason="A reason that takes a line or two. " * 9)] * 3, reason="x" * 900
        ),
    ],
    ids=["plain", "rates", "instalments", "client", "company", "numbers", "amounts", "reasons"],
)
def test_nothing_lies_on_anything_else_or_beyond_the_margins(
    written: DocumentFacts, language: str
) -> None:
    _require_in_order(_laid_out(replace(written, language=language)))


@settings(max_examples=12)
@given(st.text(min_size=1, max_size=120), st.integers(1, 40), st.integers(0, 5))
def test_that_is_so_whatever_words_and_rows_there_are(words: str, rows: int, dues: int) -> None:
    lines = [line(1_000, description=words)] * rows
    written = bill(*lines, dues=_DUES[:dues], buyer=replace(BUYER, name=words), reason=words)
    _require_in_order(_laid_out(written))


@pytest.mark.parametrize(("rows", "count"), [(1, 1), (30, 2), (100, 4)])
def test_a_long_table_goes_on_under_its_columns_names_and_each_page_has_its_number(
    rows: int, count: int
) -> None:
    pages = _laid_out(bill(*[line(1_000)] * rows))
    assert len(pages) == count
    for number, page in enumerate(pages, start=1):
        texts = _texts(page)
        assert f"Page {number} of {count}" in texts
        assert ("Office chair" in texts) == ("Unit price" in texts)
    assert sum(_texts(page).count("Office chair") for page in pages) == rows


@pytest.mark.parametrize("rows", range(20, 34))
def test_the_sum_never_stands_alone_and_the_code_is_beside_the_account(rows: int) -> None:
    for page in _laid_out(bill(*[line(1_000)] * rows)):
        texts = _texts(page)
        assert "Total" not in texts or "Office chair" in texts
        has_code = any(isinstance(mark, Image) for mark in page)
        assert has_code == ("BIC" in texts)


def test_a_document_from_right_to_left_is_mirrored() -> None:
    plain, mirrored = (_laid_out(bill(language=tag))[0] for tag in ("en", "he"))
    [code], [other] = (
        [one for one in page if isinstance(one, Image)] for page in (plain, mirrored)
    )
    assert code.left - LEFT == pytest.approx(RIGHT - other.left - other.width)


def test_a_demand_of_another_currency_has_no_code() -> None:
    [page] = _laid_out(bill(currency="CHF"))
    assert not [mark for mark in page if isinstance(mark, Image)]


@pytest.mark.parametrize("language", ["ar", "he"])
def test_numbers_and_sums_in_words_from_right_to_left_keep_their_order(language: str) -> None:
    [page] = _laid_out(bill(language=language))
    texts = _texts(page)
    assert any("2026-000123" in text and text != "2026-000123" for text in texts), "the title"
    assert any("100.00 EUR" in text and "19%" in text for text in texts), "the tax"
