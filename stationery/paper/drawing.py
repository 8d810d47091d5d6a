"""Drawing pages: marks in their places as PDF, the same bytes for the same pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog

from stationery.languages import han_style
from stationery.paper.pages import LEFT, RIGHT, Band, Colour, Image, Mark, Page, Words
from stationery.paper.pdf import Pdf
from stationery.paper.typesetting import MILLIMETRES, Typesetter

log = structlog.get_logger()

_COLOURS = {
    Colour.BLACK: (0.08, 0.08, 0.08),
    Colour.GREY: (0.43, 0.43, 0.43),
    Colour.LIGHT: (0.84, 0.85, 0.87),
    Colour.PALE: (0.93, 0.94, 0.95),
}
_SCRIPTS = {"JP": ("\u3041", "\u30ff"), "KR": ("\uac00", "\ud7a3")}  # kana, hangul


def choose_han_style(*, language: str, reader: str, text: str) -> str:
    """Whose Chinese characters a text in `language` has, the best first: those of its language, of the
    reader's, of the writing around them; simplified ones."""
    return next(_han_styles(language, reader, text))


def draw_pages(pages: Iterable[Page], pdf: Pdf) -> None:
    """Put every mark of the pages where it belongs."""
    for page in pages:
        pdf.add_page()
        for mark in page:
            _draw(pdf, mark)


def warn_of_missing(setter: Typesetter, *, reference: str) -> None:
    """Name in the log what was set by its code point, as no typeface has it."""
    if setter.missing:
        points = [f"U+{ord(one):04X}" for one in sorted(setter.missing)]
        log.warning("no_typeface_for_characters", letter=reference, code_points=points)


def _han_styles(language: str, reader: str, text: str) -> Iterator[str]:
    yield from filter(None, (han_style(language), han_style(reader)))
    for style, (first, last) in _SCRIPTS.items():
        if any(first <= character <= last for character in text):
            yield style
    yield "SC"


def _draw(pdf: Pdf, mark: Mark) -> None:
    if isinstance(mark, Image):
        pdf.picture(mark.picture, mark.left, mark.top, mark.width, mark.height)
        return
    colour = _COLOURS[mark.colour]
    if isinstance(mark, Words):
        x = mark.x
        for run in mark.line.runs:
            size = mark.line.size
            pdf.glyphs(run.face, run.glyphs, size, x, mark.baseline, colour)
            x += sum(glyph.advance for glyph in run.glyphs) * size * MILLIMETRES
    elif isinstance(mark, Band):
        pdf.band(LEFT, mark.y, RIGHT - LEFT, mark.height, colour)
    else:
        pdf.rule(LEFT, RIGHT, mark.y, colour)
