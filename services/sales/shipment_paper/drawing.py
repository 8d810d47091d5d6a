"""Drawing a pick list or delivery note: A4 as PDF, the same bytes for the same sheet. Measured before
anything is drawn, so that nothing lies on other text or beyond the paper."""

from __future__ import annotations

from services.sales.shipment_paper.rules import NoteSheet
from stationery.languages import is_right_to_left
from stationery.paper.drawing import choose_han_style, draw_pages, warn_of_missing
from stationery.paper.fonts import Fonts, Weight, installed
from stationery.paper.letterhead import begin_pages, finish_pages
from stationery.paper.pages import LEFT, WIDTH, Colour, Page, Pages, Rule
from stationery.paper.pdf import Pdf
from stationery.paper.pictures import Picture, read_picture
from stationery.paper.tables import Table, put_table
from stationery.paper.typesetting import Style, Typesetter

_TITLE, _HEADING, _SMALL = Style(14, Weight.BOLD), Style(11, Weight.BOLD), Style(8)
_WITH_HEADING = 25.0  # millimetres: no heading stands alone
_TO_SIGN = 22.0


def draw_note(sheet: NoteSheet, *, logo: bytes | None = None, fonts: Fonts | None = None) -> bytes:
    """The sheet as a PDF with this logo (PNG or JPEG), in these typefaces or those of the machine.
    FontsMissing if there is no typeface at all."""
    direction = int(is_right_to_left(sheet.language))
    text = " ".join([*sheet.recipient, sheet.title, *(row[0] for row in sheet.rows)])
    style = choose_han_style(language=sheet.language, reader=sheet.reader, text=text)
    setter = Typesetter(fonts or installed(), han_style=style, direction=direction)
    pdf = Pdf(title=sheet.title, author=sheet.sender, language=sheet.language, direction=direction)
    draw_pages(lay_out(sheet, setter, read_picture(logo) if logo else None), pdf)
    warn_of_missing(setter, reference=sheet.reference)
    return pdf.finish()


def lay_out(sheet: NoteSheet, setter: Typesetter, logo: Picture | None = None) -> list[Page]:
    """The pages, the logo on the first, each with its number in its foot."""
    pages = begin_pages(sheet, setter, logo)
    pages.flow(setter.set(sheet.title, _TITLE, WIDTH), after=4)
    put_table(pages, setter, Table(sheet.columns, sheet.rows, sheet.text_columns))
    if sheet.rest:
        pages.y += 6
        pages.require(_WITH_HEADING)
        pages.flow(setter.set(sheet.to_come, _HEADING, WIDTH), after=1.5)
        put_table(pages, setter, Table(sheet.rest_columns, sheet.rest, sheet.text_columns))
    if sheet.received is not None:
        _put_signature(pages, setter, sheet.received)
    return finish_pages(pages, sheet, setter)


def _put_signature(pages: Pages, setter: Typesetter, label: str) -> None:
    """A line to sign on, and what it is for."""
    pages.require(_TO_SIGN)
    pages.y += _TO_SIGN - 6
    pages.mark(Rule(pages.y, Colour.GREY))
    pages.y += 1
    pages.y = pages.begin(setter.set(label, _SMALL, WIDTH), LEFT, WIDTH, pages.y, Colour.GREY)
