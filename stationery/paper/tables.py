"""Tables: columns as wide as their cells need, over as many pages as it takes, and sums below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stationery.paper.fonts import Weight
from stationery.paper.pages import LEFT, RIGHT, WIDTH, Band, Colour, Pages, Rule, height
from stationery.paper.typesetting import Line, Style, Typesetter

_SIZES = (9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6)
_GAP = 4.0  # millimetres between two columns
_WIDE_LEAST = 30.0  # millimetres for a number that is written in several lines
_ABOVE, _BELOW = 0.9, 0.9  # millimetres in a row
_ABOVE_SUM = 1.5  # millimetres
_AFTER_SUMS = 1.5  # millimetres, before what follows
_TOTAL = Style(10, Weight.BOLD)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: millimetres from the left margin, and whether it holds numbers."""

    left: float
    width: float
    is_number: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table in the order of its cells, and the size in points that it is set in."""

    all: tuple[Column, ...]
    size: float


Row = list[list[Line]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under the names of their columns. After the first `text_columns` they are numbers.
    The column `wide` takes several lines where there is not room for all."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    text_columns: int
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum below a table, and what it is called."""

    label: str
    amount: str
    style: Style = _TOTAL


def put_table(pages: Pages, setter: Typesetter, table: Table, *, room_below: float = 0.0) -> None:
    """The rows from where we are, their columns' names again on each page. With the last row stands what
    comes below in so many millimetres."""
    columns = choose_columns(setter, table)
    head = _set_row(setter, columns, table.columns, Style(columns.size - 0.5, Weight.BOLD))
    rows = [_set_row(setter, columns, row, Style(columns.size)) for row in table.rows]
    rooms = [_row_height(row) for row in rows]
    rooms[-1] += room_below
    pages.require(_row_height(head) + rooms[0])
    _put_head(pages, columns, head)
    for row, room in zip(rows, rooms, strict=True):
        if pages.require(room):
            _put_head(pages, columns, head)
        _put_row(pages, columns, row)
        pages.mark(Rule(pages.y, Colour.LIGHT))


def put_sums(pages: Pages, setter: Typesetter, sums: Sequence[Sum]) -> None:
    """Sums one below the other, each with its name beside it."""
    for one in sums:
        laid = _LaidSum(setter, one)
        pages.require(laid.height)
        laid.put(pages)
    pages.y += _AFTER_SUMS


def sums_height(setter: Typesetter, sums: Sequence[Sum]) -> float:
    """How much room sums take, in millimetres."""
    return sum(_LaidSum(setter, one).height for one in sums)


def choose_columns(setter: Typesetter, table: Table) -> Columns:
    """Columns that take the page's width together. Dates and sums stay in one line, in a smaller size
    if need be; what stands in the wide one may take several."""
    labels, rows, wide = table.columns, table.rows, table.wide
    bodies = [_widest(setter, [row[place] for row in rows]) for place in range(len(labels))]
    names = [_widest(setter, [label], Weight.BOLD) for label in labels]
    words = [_widest(setter, label.split(), Weight.BOLD) for label in labels]
    for size in _SIZES:
        for heads in (names, words):
            widths = [size * max(cells) + _GAP for cells in zip(bodies, heads, strict=True)]
            least = min(widths[wide], max(_WIDE_LEAST, size * words[wide] + _GAP))
            if least + sum(widths) - widths[wide] <= WIDTH:
                return _placed(setter.direction, _filled(widths, wide), size, table.text_columns)
    share = WIDTH / sum(widths)
    shares = [width * share for width in widths]
    return _placed(setter.direction, shares, size, table.text_columns)


def _widest(setter: Typesetter, texts: Sequence[str], weight: Weight = Weight.REGULAR) -> float:
    """Of these texts in one line each, in millimetres for a point of size."""
    return max((setter.width(text, weight) for text in texts), default=0.0)


def _filled(widths: list[float], wide: int) -> list[float]:
    """What is left over goes to all alike; what is missing is taken from the wide one."""
    left = WIDTH - sum(widths)
    if left < 0:
        return [width + left * (place == wide) for place, width in enumerate(widths)]
    return [width + left / len(widths) for width in widths]


def _placed(direction: int, widths: Sequence[float], size: float, text_columns: int) -> Columns:
    """Side by side from where lines begin, half a gap on either side of each."""
    columns, begin = [], 0.0
    for place, width in enumerate(widths):
        left = WIDTH - begin - width if direction else begin
        columns.append(Column(left + _GAP / 2, width - _GAP, place >= text_columns))
        begin += width
    return Columns(tuple(columns), size)


def _set_row(setter: Typesetter, columns: Columns, cells: Sequence[str], style: Style) -> Row:
    return [
        setter.set_apart(cell, style, column.width)
        for cell, column in zip(cells, columns.all, strict=True)
    ]


def _row_height(row: Row) -> float:
    return _ABOVE + max(height(lines) for lines in row) + _BELOW


def _put_head(pages: Pages, columns: Columns, head: Row) -> None:
    pages.mark(Band(pages.y, _row_height(head)))
    _put_row(pages, columns, head)
    pages.mark(Rule(pages.y, Colour.GREY))


def _put_row(pages: Pages, columns: Columns, row: Row) -> None:
    for column, lines in zip(columns.all, row, strict=True):
        put = pages.right if column.is_number else pages.begin
        put(lines, LEFT + column.left, column.width, pages.y + _ABOVE)
    pages.y += _row_height(row)


class _LaidSum:
    """A sum, and beside it what it is called."""

    def __init__(self, setter: Typesetter, one: Sum) -> None:
        self._amount = setter.set_apart(one.amount, one.style, WIDTH * 0.6)
        self._room = WIDTH - max(line.width for line in self._amount) - _GAP
        self._label = setter.set_apart(one.label, one.style, self._room)
        self.height = max(height(self._label), height(self._amount)) + _ABOVE_SUM

    def put(self, pages: Pages) -> None:
        """Below what the page holds already."""
        y = pages.y + _ABOVE_SUM
        pages.begin(self._label, RIGHT - self._room if pages.direction else LEFT, self._room, y)
        pages.end(self._amount, LEFT, WIDTH, y)
        pages.y += self.height
