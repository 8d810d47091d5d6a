"""Drawing a letter: an A4 business letter as PDF, the same bytes for the same letter."""

from __future__ import annotations

from services.collections.letters.rules import Letter
from services.collections.paper.layout import lay_out
from stationery.languages import is_right_to_left
from stationery.paper.drawing import choose_han_style, draw_pages, warn_of_missing
from stationery.paper.fonts import Fonts, installed
from stationery.paper.pdf import Pdf
from stationery.paper.pictures import read_picture
from stationery.paper.typesetting import Typesetter


def draw_letter(letter: Letter, *, logo: bytes | None = None, fonts: Fonts | None = None) -> bytes:
    """The letter as a PDF with this logo (PNG or JPEG), in these typefaces or those of the machine. What
    none of them has stands there by its code point and is named in the log. FontsMissing if there is none
    at all."""
    direction = int(is_right_to_left(letter.language))
    text = " ".join([*letter.recipient, letter.subject, letter.opening, letter.closing])
    style = choose_han_style(language=letter.language, reader=letter.reader, text=text)
    setter = Typesetter(fonts or installed(), han_style=style, direction=direction)
    pdf = Pdf(
        title=letter.subject, author=letter.sender, language=letter.language, direction=direction
    )
    draw_pages(lay_out(letter, setter, read_picture(logo) if logo else None), pdf)
    warn_of_missing(setter, reference=letter.reference)
    return pdf.finish()
