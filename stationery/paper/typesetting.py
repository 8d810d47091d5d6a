"""Setting text in lines: which typeface for which part, where lines end, what stands left of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from stationery.paper.clusters import (
    COMMON,
    EAST_ASIAN,
    Cluster,
    cut,
    is_wide,
    script_of,
)
from stationery.paper.fonts import Face, Fonts, Glyph, Weight

MILLIMETRES = 25.4 / 72  # in a point
_SLACK = 0.001  # millimetres that rounding may add to a line


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: its size in points, its weight."""

    size: float
    weight: Weight = Weight.REGULAR


class Run(NamedTuple):
    """Glyphs of one face, from left to right."""

    face: Face
    glyphs: Sequence[Glyph]


@dataclass(frozen=True, slots=True)
class Line:
    """Runs from left to right, their size in points, and how wide they are together in millimetres."""

    runs: tuple[Run, ...]
    size: float
    width: float


class _Piece(NamedTuple):
    """A cluster in its face. `script` is that of the text around it, where its own is all scripts'."""

    cluster: Cluster
    face: Face
    script: str
    ems: float = 0

    @property
    def run(self) -> tuple[Face, int, str]:
        """What it has in common with the rest of its run."""
        return self.face, self.cluster.level, self.script


class Typesetter:
    """Sets the text of one letter, and remembers which characters are in no typeface."""

    def __init__(self, fonts: Fonts, *, han_style: str, direction: int) -> None:
        self.direction = direction
        self.missing: set[str] = set()
        self._fonts = fonts
        self._han_style = han_style
        self._chosen: dict[tuple[str, Weight], Face | None] = {}
        self._measured: dict[tuple[str, Weight, int | None], list[_Piece]] = {}

    def set(self, text: str, style: Style, width: float) -> list[Line]:
        """The text in lines no wider than `width` millimetres, running as the letter does."""
        return self._set(text, style, width, self.direction)

    def set_apart(self, text: str, style: Style, width: float) -> list[Line]:
        """As `set`, but running as the text itself does: a name, a number, a sum."""
        return self._set(text, style, width, None)

    def fit(self, text: str, styles: Sequence[Style], width: float, lines_max: int) -> list[Line]:
        """As `set_apart`, in the first of the styles that takes no more lines, else in the last."""
        for style in styles:
            lines = self.set_apart(text, style, width)
            if len(lines) <= lines_max:
                break
        return lines

    def width(self, text: str, weight: Weight) -> float:
        """Of the text in one line, in millimetres for a point of size."""
        return sum(piece.ems for piece in self._pieces(text, weight, None)) * MILLIMETRES

    def _set(self, text: str, style: Style, width: float, direction: int | None) -> list[Line]:
        ems = (width + _SLACK) / (style.size * MILLIMETRES)
        return [
            _line(some, style.size)
            for paragraph in text.split("\n")
            for some in _broken(self._pieces(paragraph, style.weight, direction), ems)
        ]

    def _pieces(self, text: str, weight: Weight, direction: int | None) -> list[_Piece]:
        key = text, weight, direction
        if key not in self._measured:
            faced = self._faced(cut(text, direction=direction), weight)
            self._measured[key] = list(_with_widths(faced))
        return self._measured[key]

    def _faced(self, clusters: Iterable[Cluster], weight: Weight) -> Iterator[_Piece]:
        face = around = self._fonts.main(weight)
        script = COMMON
        for cluster in clusters:
            is_common = script_of(cluster.text[0]) == COMMON
            beside = face if cluster.is_space else around
            for one, face in self._with_faces(cluster, weight, beside):
                if not is_common:
                    script, around = script_of(cluster.text[0]), face
                yield _Piece(one, face, script)

    def _with_faces(
        self, cluster: Cluster, weight: Weight, beside: Face
    ) -> Iterator[tuple[Cluster, Face]]:
        """The cluster with its face. What is in none stands there by its code point."""
        face = self._choose(cluster.needed, weight, beside) if cluster.needed else beside
        if face is not None:
            yield cluster, face
        elif len(cluster.text) > 1:
            for character in cluster.text:
                yield from self._with_faces(cluster._replace(text=character), weight, beside)
        else:
            self.missing.add(cluster.text)
            level = cluster.level + cluster.level % 2
            for character in f"[U+{ord(cluster.text):04X}]":
                yield Cluster(character, level), self._fonts.main(weight)

    def _choose(self, text: str, weight: Weight, beside: Face) -> Face | None:
        script = script_of(text[0])
        is_free = text.isspace() or (script == COMMON and not text.isascii())
        if is_free and beside.has(text):
            return beside
        if script in EAST_ASIAN or is_wide(text[0]):
            east_asian = self._fonts.east_asian(text, weight, self._han_style)
            if east_asian is not None:
                return east_asian
        key = text, weight
        if key not in self._chosen:
            self._chosen[key] = self._fonts.choose(text, weight, self._han_style)
        return self._chosen[key]


def _with_widths(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """What each adds to its run; a ligature's width is its first cluster's."""
    for _, group in groupby(pieces, key=lambda piece: piece.run):
        run = list(group)
        owners = [at for at, piece in enumerate(run) for _ in piece.cluster.shown]
        widths = [0.0] * len(run)
        for glyph in _shaped(run):
            widths[owners[glyph.place]] += glyph.advance
        yield from (piece._replace(ems=ems) for piece, ems in zip(run, widths, strict=True))


def _shaped(run: Sequence[_Piece]) -> list[Glyph]:
    _, level, script = run[0].run
    text = "".join([piece.cluster.shown for piece in run])
    return run[0].face.shape(text, script=script, is_right_to_left=level % 2 == 1)


def _broken(pieces: Sequence[_Piece], ems: float) -> Iterator[Sequence[_Piece]]:
    """The pieces line by line: as many as fit, to the last place where a line may end, or wherever the
    line is full in a word that is wider than a line. At least one line, and one piece a line."""
    begin = 0
    while True:
        end = _line_end(pieces, begin, ems)
        yield _trimmed(pieces[begin:end])
        while end < len(pieces) and pieces[end].cluster.is_space:
            end += 1
        if end >= len(pieces):
            return
        begin = end


def _line_end(pieces: Sequence[_Piece], begin: int, ems: float) -> int:
    width, last = 0.0, begin
    for at in range(begin, len(pieces)):
        width += pieces[at].ems
        if width > ems and not pieces[at].cluster.is_space:
            return last if last > begin else max(at, begin + 1)
        if pieces[at].cluster.may_end_line:
            last = at + 1
    return len(pieces)


def _trimmed(pieces: Sequence[_Piece]) -> Sequence[_Piece]:
    end = len(pieces)
    while end and pieces[end - 1].cluster.is_space:
        end -= 1
    return pieces[:end]


def _line(pieces: Sequence[_Piece], size: float) -> Line:
    runs = [list(group) for _, group in groupby(pieces, key=lambda piece: piece.run)]
    set_runs = tuple(Run(run[0].face, _shaped(run)) for run in _from_left_to_right(runs))
    ems = sum(glyph.advance for run in set_runs for glyph in run.glyphs)
    return Line(set_runs, size, ems * size * MILLIMETRES)


def _from_left_to_right(runs: list[list[_Piece]]) -> list[list[_Piece]]:
    """The runs as they stand on paper (UAX 9, L2)."""
    for level in range(max((run[0].cluster.level for run in runs), default=0), 0, -1):
        ordered: list[list[_Piece]] = []
        for is_inside, some in groupby(runs, key=lambda run: run[0].cluster.level >= level):
            inside = list(some)
            ordered += inside[::-1] if is_inside else inside
        runs = ordered
    return runs
