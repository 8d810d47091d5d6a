"""Drawing an inventory report: A4 as PDF, the same bytes for the same report."""

from __future__ import annotations

from services.sales.inventory_paper.rules import LANGUAGE, ReportSheet
from stationery.paper.drawing import choose_han_style, draw_pages, warn_of_missing
from stationery.paper.fonts import Fonts, Weight, installed
from stationery.paper.pages import FOOT, LEFT, WIDTH, Colour, Page, Pages, Rule
from stationery.paper.pdf import Pdf
from stationery.paper.tables import Sum, Table, put_sums, put_table
from stationery.paper.typesetting import Style, Typesetter

_TITLE, _HEADING, _TEXT = Style(15, Weight.BOLD), Style(11, Weight.BOLD), Style(9)
_FOOT = [Style(7), Style(6)]
_NUMBER_WIDTH = 25.0
_WITH_HEADING = 25.0  # millimetres: no heading stands alone


def draw_report(sheet: ReportSheet, *, fonts: Fonts | None = None) -> bytes:
    """The report as a PDF, in these typefaces or those of the machine. FontsMissing if there is none."""
    text = " ".join(row[0] for table in sheet.tables for row in table.rows)
    style = choose_han_style(language=LANGUAGE, reader=LANGUAGE, text=text)
    setter = Typesetter(fonts or installed(), han_style=style, direction=0)
    pdf = Pdf(title=sheet.title, author="Steward", language=LANGUAGE, direction=0)
    draw_pages(lay_out(sheet, setter), pdf)
    warn_of_missing(setter, reference=sheet.reference)
    return pdf.finish()


def lay_out(sheet: ReportSheet, setter: Typesetter) -> list[Page]:
    """The pages of a report, each with its hash and its number in its foot."""
    pages = Pages(direction=0, bottom=FOOT - 6)
    pages.flow(setter.set(sheet.title, _TITLE, WIDTH), after=2)
    for fact in sheet.facts:
        pages.flow(setter.set(fact, _TEXT, WIDTH), after=1)
    for table in sheet.tables:
        pages.y += 4
        pages.require(_WITH_HEADING)
        pages.flow(setter.set(table.heading, _HEADING, WIDTH), after=1.5)
        put_table(pages, setter, Table(table.columns, table.rows, table.text_columns))
    pages.y += 2
    put_sums(pages, setter, [Sum(label, amount) for label, amount in sheet.sums])
    return _with_feet(pages, sheet, setter)


def _with_feet(pages: Pages, sheet: ReportSheet, setter: Typesetter) -> list[Page]:
    for number, page in enumerate(pages.all, 1):
        foot = Pages(direction=0, bottom=FOOT)
        foot.mark(Rule(FOOT, Colour.GREY))
        line = setter.fit(sheet.foot, _FOOT, WIDTH - _NUMBER_WIDTH, lines_max=1)
        foot.begin(line, LEFT, WIDTH, FOOT + 2, Colour.GREY)
        label = f"page {number} of {len(pages.all)}"
        foot.end(setter.fit(label, _FOOT, _NUMBER_WIDTH, lines_max=1), LEFT, WIDTH, FOOT + 2)
        page += foot.all[0]
    return pages.all
