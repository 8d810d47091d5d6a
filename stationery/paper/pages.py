"""Pages that are filled from the top, and what stands on them. Millimetres from the top left of A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stationery.paper.pictures import Picture
from stationery.paper.typesetting import Line

LEFT, RIGHT, TOP, FOOT = 25.0, 190.0, 20.0, 277.0
WIDTH = RIGHT - LEFT
_LEADING = 0.5  # millimetres of line for a point of size
_BASELINE = 0.72  # of a line's height


class Colour(StrEnum):
    """What a page is printed in."""

    BLACK = "black"
    GREY = "grey"
    LIGHT = "light"
    PALE = "pale"


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text, from `x` to the right, on `baseline`."""

    x: float
    baseline: float
    line: Line
    colour: Colour = Colour.BLACK


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line from margin to margin."""

    y: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Band:
    """A filled strip from margin to margin."""

    y: float
    height: float
    colour: Colour = Colour.PALE


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a rectangle."""

    picture: Picture
    left: float
    top: float
    width: float
    height: float


Mark = Words | Rule | Band | Image
Page = list[Mark]


def height(lines: Sequence[Line]) -> float:
    """Of lines one below the other."""
    return sum(line.size * _LEADING for line in lines)


class Pages:
    """The pages of a letter so far. What runs from right to left begins on the right."""

    def __init__(self, *, direction: int, bottom: float) -> None:
        self.all: list[Page] = [[]]
        self.y = TOP
        self.direction = direction
        self._bottom = bottom

    def require(self, room: float) -> bool:
        """Go on on a new page if there is not that much room on this one; whether it was so."""
        if self.y + room <= self._bottom or self.y == TOP:
            return False
        self.all.append([])
        self.y = TOP
        return True

    def mark(self, mark: Mark) -> None:
        """Put something on the page."""
        self.all[-1].append(mark)

    def flow(self, lines: Sequence[Line], *, after: float) -> None:
        """Lines of text from where we are, over as many pages as they take, and room after them."""
        for line in lines:
            self.require(height([line]))
            self.y = self.begin([line], LEFT, WIDTH, self.y)
        self.y += after

    def begin(
        self,
        lines: Sequence[Line],
        left: float,
        width: float,
        y: float,
        colour: Colour = Colour.BLACK,
    ) -> float:
        """Lines from `y` on, flush where the letter's lines begin; where they end."""
        return self._put(lines, left, width, y, colour, share=self.direction)

    def end(
        self,
        lines: Sequence[Line],
        left: float,
        width: float,
        y: float,
        colour: Colour = Colour.BLACK,
    ) -> float:
        """Lines from `y` on, flush where the letter's lines end; where they end."""
        return self._put(lines, left, width, y, colour, share=1 - self.direction)

    def right(self, lines: Sequence[Line], left: float, width: float, y: float) -> float:
        """Lines from `y` on, flush right as numbers are; where they end."""
        return self._put(lines, left, width, y, Colour.BLACK, share=1)

    def _put(
        self,
        lines: Sequence[Line],
        left: float,
        width: float,
        y: float,
        colour: Colour,
        *,
        share: int,
    ) -> float:
        for line in lines:
            x = left + (width - line.width) * share
            self.mark(Words(x, y + height([line]) * _BASELINE, line, colour))
            y += height([line])
        return y
