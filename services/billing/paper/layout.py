"""Where everything of a document stands: measured before anything is drawn, so that nothing lies on other
text or beyond the paper. Millimetres from the top left of A4, points for sizes of letters."""

from __future__ import annotations

from services.billing.paper.codes import draw_code
from services.billing.sheets.rules import Sheet, SheetTable
from stationery.paper.fonts import Weight
from stationery.paper.letterhead import begin_pages, finish_pages
from stationery.paper.pages import LEFT, RIGHT, WIDTH, Image, Page, Pages, height
from stationery.paper.pictures import Picture
from stationery.paper.tables import Sum, Table, put_sums, put_table, sums_height
from stationery.paper.typesetting import Line, Style, Typesetter

_TITLE, _TEXT, _LABEL = Style(14, Weight.BOLD), Style(9.5), Style(9.5, Weight.BOLD)
_PLAIN = Style(9.5)
_STRONG = Style(10, Weight.BOLD)
_HEADING = Style(11, Weight.BOLD)
_WITH_TITLE = 16.0  # millimetres of a table on the page of its title
_BETWEEN = 4.0  # millimetres between two tables
_WITH_LAST_ROW = 4  # sums that stay on the page of the last row
_CODE = 28.0  # millimetres, each way
_CODE_ROOM = _CODE + 6
_SCAN = [Style(8), Style(7), Style(6)]
_LABELS_WIDTH = 48.0


def lay_out(sheet: Sheet, setter: Typesetter, logo: Picture | None = None) -> list[Page]:
    """The pages of a document, the logo on the first, each with its number in its foot."""
    pages = begin_pages(sheet, setter, logo)
    pages.flow(setter.set(sheet.title, _TITLE, WIDTH), after=4)
    sums = [Sum(label, amount, _weight(sheet, label)) for label, amount in sheet.sums]
    first = SheetTable(title="", columns=sheet.columns, rows=sheet.rows)
    tables = [*([first] if sheet.rows else []), *sheet.tables]
    for table in tables[:-1]:
        _put_table(pages, setter, table)
        pages.y += _BETWEEN
    for table in tables[-1:]:
        _put_table(pages, setter, table, sums_height(setter, sums[:_WITH_LAST_ROW]))
    put_sums(pages, setter, sums)
    for table in sheet.late_tables:
        pages.y += _BETWEEN
        _put_table(pages, setter, table)
    pages.y += 3
    for note in sheet.notes:
        pages.flow(setter.set(note, _TEXT, WIDTH), after=1.5)
    _put_dues(pages, setter, sheet)
    _put_payment(pages, setter, sheet)
    return finish_pages(pages, sheet, setter)


def _weight(sheet: Sheet, label: str) -> Style:
    return _STRONG if label in sheet.strong else _PLAIN


def _put_table(
    pages: Pages, setter: Typesetter, table: SheetTable, room_below: float = 0.0
) -> None:
    """A table with its title, which stands on the page of its first rows."""
    if table.title:
        title = setter.set(table.title, _HEADING, WIDTH)
        pages.require(height(title) + _WITH_TITLE)
        pages.flow(title, after=1.5)
    told = Table(table.columns, table.rows, text_columns=table.text_columns, wide=table.wide)
    put_table(pages, setter, told, room_below=room_below)


def _put_dues(pages: Pages, setter: Typesetter, sheet: Sheet) -> None:
    """What is due on which day, in the order of the days."""
    if sheet.dues:
        pages.y += 2
        put_table(pages, setter, Table(sheet.due_columns, sheet.dues, text_columns=1))
        pages.y += 5


def _put_payment(pages: Pages, setter: Typesetter, sheet: Sheet) -> None:
    """Where money goes, and beside it the code that an app reads, on one page."""
    rows = [_set_pair(setter, label, value) for label, value in sheet.payment]
    text = sum(max(height(label), height(value)) + 1 for label, value in rows)
    pages.require(max(text, _CODE_ROOM if sheet.qr else 0))
    top = pages.y
    for label, value in rows:
        end = pages.begin(label, *_labels_place(pages), pages.y)
        pages.y = max(end, pages.begin(value, *_values_place(pages), pages.y)) + 1
    if sheet.qr:
        pages.y = max(pages.y, _put_code(pages, setter, sheet.qr, sheet.scan, top))


def _set_pair(setter: Typesetter, label: str, value: str) -> tuple[list[Line], list[Line]]:
    return (
        setter.set(label, _LABEL, _LABELS_WIDTH - 2),
        setter.set_apart(value, _TEXT, _values_width()),
    )


def _values_width() -> float:
    return WIDTH - _LABELS_WIDTH - _CODE_ROOM - 4


def _labels_place(pages: Pages) -> tuple[float, float]:
    return (RIGHT - _LABELS_WIDTH if pages.direction else LEFT), _LABELS_WIDTH


def _values_place(pages: Pages) -> tuple[float, float]:
    width = _values_width()
    return (RIGHT - _LABELS_WIDTH - width if pages.direction else LEFT + _LABELS_WIDTH), width


def _put_code(pages: Pages, setter: Typesetter, payload: str, scan: str, top: float) -> float:
    """The code opposite the labels, what to do with it below; where that ends."""
    left = LEFT if pages.direction else RIGHT - _CODE
    pages.mark(Image(draw_code(payload), left, top, _CODE, _CODE))
    lines = setter.fit(scan, _SCAN, _CODE + 4, lines_max=1)
    return pages.end(lines, LEFT, WIDTH, top + _CODE + 0.5)
