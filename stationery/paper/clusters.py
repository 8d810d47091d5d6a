"""Text in the smallest pieces that a line may be made of: a character with all that belongs on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import uharfbuzz as hb

from stationery.paper import bidi

COMMON = "Zyyy"  # the script of what all scripts share (ISO 15924)
EAST_ASIAN = frozenset({"Hani", "Hira", "Kana", "Bopo", "Hang"})
_ZERO_WIDTH_SPACE = "\u200b"
_JOINERS = "\u200c\u200d"  # they shape what stands around them
_UNSEEN = re.compile(r"[\ufe00-\ufe0f\u034f\u180b-\u180f\U000e0100-\U000e01ef]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NO_BREAK_SPACES = "\u00a0\u2007\u202f"
_VIRAMA = 9  # the canonical combining class of what ties one consonant to the next
# Thai and Lao vowels stand before or after their consonant and are never parted from it; nor is the
# colour of its skin from a face.
_LEADING = re.compile(r"[\u0e40-\u0e44\u0ec0-\u0ec4]")
_TRAILING = re.compile(
    r"[\u0e2f-\u0e3a\u0e45-\u0e4e\u0eaf-\u0ebd\u0ec6-\u0ece\U0001f3fb-\U0001f3ff]"
)
# Japanese and Chinese lines do not begin or end with these (JIS X 4051, in short).
_NEVER_FIRST = frozenset(
    "、。，．：；！？）］｝」』】〕〉》〗〙”’ー々ゝゞヽヾ・…‥％"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NEVER_LAST = frozenset("（［｛「『【〔〈《〖〘“‘￥＄")
_HYPHENS = frozenset("-‐–—/")


class Cluster(NamedTuple):
    """A character with the marks and joiners on it. An odd level runs from right to left (UAX 9)."""

    text: str
    level: int
    may_end_line: bool = False

    @property
    def is_space(self) -> bool:
        return self.text.isspace() or self.text == _ZERO_WIDTH_SPACE

    @property
    def shown(self) -> str:
        return "" if self.text == _ZERO_WIDTH_SPACE else self.text

    @property
    def needed(self) -> str:
        """What a typeface must have to show it: joiners are nothing to see."""
        return re.sub(f"[{_JOINERS}]", "", self.shown)


def cut(text: str, *, direction: int | None) -> list[Cluster]:
    """The clusters of a line of text in the order in which they are read. `direction` is where it runs
    from, None: as its first letter does."""
    clean = _CONTROLS.sub(" ", unicodedata.normalize("NFC", text))
    if direction is None:
        direction = bidi.first_direction(clean)
    levels = bidi.levels(clean, direction)
    seen = [(_visible(clean[begin:end]), levels[begin]) for begin, end in _bounds(clean)]
    pieces = [(piece, level) for piece, level in seen if piece]
    return [
        Cluster(piece, level, may_end_line=_may_part(piece, other))
        for (piece, level), (other, _) in pairwise([*pieces, (" ", 0)])
    ]


@cache
def script_of(character: str) -> str:
    """The script the character is of (ISO 15924)."""
    buffer = hb.Buffer()
    buffer.add_str(character)
    buffer.guess_segment_properties()
    return buffer.script or COMMON


def is_wide(character: str) -> bool:
    """Whether it takes the room of an ideograph, as East Asian punctuation does."""
    return unicodedata.east_asian_width(character) in {"W", "F"}


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _belong_together(text[at - 1], text[at]):
            yield begin, at
            begin = at


def _belong_together(one: str, other: str) -> bool:
    if other.isascii():
        return False
    return (
        unicodedata.category(other) in {"Mn", "Mc", "Me"}
        or other in _JOINERS
        or one == "\u200d"
        or unicodedata.combining(one) == _VIRAMA
        or bool(_TRAILING.match(other) or _LEADING.match(one))
    )


def _visible(piece: str) -> str:
    if len(piece) == 1 and piece.isascii():
        return piece
    return "".join(
        character
        for character in _UNSEEN.sub("", piece)
        if unicodedata.category(character) != "Cf"
        or character in _JOINERS
        or character == _ZERO_WIDTH_SPACE
    )


def _may_part(one: str, other: str) -> bool:
    """Whether a line may end between the two (UAX 14, in short)."""
    if other.isspace() or one in _NO_BREAK_SPACES or other in _NO_BREAK_SPACES:
        return False
    if one.isspace() or one == _ZERO_WIDTH_SPACE:
        return True
    if one in _HYPHENS:
        return other[0].isalnum()
    if one.isascii() and other.isascii():
        return False
    if other[0] in _NEVER_FIRST or one[0] in _NEVER_LAST:
        return False
    return _is_ideograph(one) or _is_ideograph(other)


def _is_ideograph(piece: str) -> bool:
    return is_wide(piece[0]) and script_of(piece[0]) != "Hang"
