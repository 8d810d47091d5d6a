"""Where everything of a letter stands: measured before anything is drawn, so that nothing lies on other
text or beyond the paper. Millimetres from the top left of A4, points for sizes of letters."""

from __future__ import annotations

from services.collections.letters.rules import TEXT_COLUMNS, Letter
from stationery.paper.fonts import Weight
from stationery.paper.letterhead import begin_pages, finish_pages
from stationery.paper.pages import LEFT, WIDTH, Page
from stationery.paper.pictures import Picture
from stationery.paper.tables import Sum, Table, put_sums, put_table, sums_height
from stationery.paper.typesetting import Style, Typesetter

_TEXT, _SUBJECT = Style(10.5), Style(12, Weight.BOLD)


def lay_out(letter: Letter, setter: Typesetter, logo: Picture | None = None) -> list[Page]:
    """The pages of a letter, the logo on the first, each with its number and that of all in its foot."""
    pages = begin_pages(letter, setter, logo)
    day = setter.set_apart(letter.written_on, _TEXT, WIDTH)
    pages.y = pages.end(day, LEFT, WIDTH, pages.y) + 6
    pages.flow(setter.set(letter.subject, _SUBJECT, WIDTH), after=4)
    pages.flow(setter.set(letter.opening, _TEXT, WIDTH), after=5)
    label, amount = letter.total
    total = [Sum(label, amount)]
    table = Table(letter.columns, letter.rows, text_columns=TEXT_COLUMNS)
    put_table(pages, setter, table, room_below=sums_height(setter, total))
    put_sums(pages, setter, total)
    pages.y += 5
    pages.flow(setter.set(letter.closing, _TEXT, WIDTH), after=5)
    pages.flow(setter.set_apart(letter.sender, _TEXT, WIDTH), after=0)
    return finish_pages(pages, letter, setter)
