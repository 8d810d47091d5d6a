"""Drawing a letter: an A4 business letter as PDF, the same bytes for the same letter."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from services.collections.languages.rules import han_style, is_right_to_left
from services.collections.letters.rules import Letter
from services.collections.paper.fonts import Fonts, installed
from services.collections.paper.layout import lay_out
from services.collections.paper.pages import LEFT, RIGHT, Band, Colour, Image, Mark, Words
from services.collections.paper.pdf import Pdf
from services.collections.paper.pictures import read_picture
from services.collections.paper.typesetting import MILLIMETRES, Typesetter

log = structlog.get_logger()

_COLOURS = {
    Colour.BLACK: (0.08, 0.08, 0.08),
    Colour.GREY: (0.43, 0.43, 0.43),
    Colour.LIGHT: (0.84, 0.85, 0.87),
    Colour.PALE: (0.93, 0.94, 0.95),
}
_SCRIPTS = {"JP": ("\u3041", "\u30ff"), "KR": ("\uac00", "\ud7a3")}  # kana, hangul


def draw_letter(letter: Letter, *, logo: bytes | None = None, fonts: Fonts | None = None) -> bytes:
    """The letter as a PDF with this logo (PNG or JPEG), in these typefaces or those of the machine. What
    none of them has stands there by its code point and is named in the log. FontsMissing if there is none
    at all."""
    direction = int(is_right_to_left(letter.language))
    setter = Typesetter(
        fonts or installed(), han_style=next(_han_styles(letter)), direction=direction
    )
    pdf = Pdf(
        title=letter.subject, author=letter.sender, language=letter.language, direction=direction
    )
    for page in lay_out(letter, setter, read_picture(logo) if logo else None):
        pdf.add_page()
        for mark in page:
            _draw(pdf, mark)
    if setter.missing:
        points = [f"U+{ord(one):04X}" for one in sorted(setter.missing)]
        log.warning("no_typeface_for_characters", letter=letter.reference, code_points=points)
    return pdf.finish()


def _han_styles(letter: Letter) -> Iterator[str]:
    """Whose Chinese characters, the best first: those of the letter's language, of the reader's, of the
    writing around them; simplified ones."""
    yield from filter(None, (han_style(letter.language), han_style(letter.reader)))
    text = " ".join([*letter.recipient, letter.subject, letter.opening, letter.closing])
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
