"""Which typeface of this machine has a character. HarfBuzz maps the files and reads only what is asked
for, so that a face of tens of megabytes costs nothing before a letter needs it, and little then."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path(os.path.expanduser("~/.local/share/fonts")),
    Path(os.path.expanduser("~/Library/Fonts")),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts/Supplemental"),
)
# Latin, Greek and Cyrillic in one look, and what every letter is set in.
_MAIN = ("NotoSans", "DejaVuSans", "LiberationSans", "Arial Unicode", "Arial")
# The rest, in this order. Each but the symbols is of one script, in one of its styles.
_OTHERS = [
    re.compile(names)
    for names in (
        r"NotoSans(Symbols2?|Math)",
        r"NotoSans(?!Display|Mono|CJK|Symbols|Math|Tifinagh[A-Z])\w+",
        r"Noto(Naskh|Music|Serif(?!Display|CJK))\w*",
        r"Symbola\w*|DejaVuSans|Arial Unicode",
    )
]
_HAN = "NotoSansCJK"
HAN_STYLES = ("SC", "TC", "HK", "JP", "KR")
ADVICE = (
    "There is no typeface to set letters in: install Noto "
    "(Debian, Ubuntu: apt-get install fonts-noto-core fonts-noto-cjk fonts-symbola)."
)


class Weight(StrEnum):
    """How heavy a typeface is, by the name of its file."""

    REGULAR = "Regular"
    BOLD = "Bold"


class FontsMissing(RuntimeError):
    """There is no typeface to set a letter in; the text says what to do."""


class Glyph(NamedTuple):
    """A shape of a face: the place in the text of what it stands for, and that itself (nothing where
    another glyph stands for it too); how far it moves the pen and is moved itself, in ems."""

    number: int
    place: int
    text: str
    advance: float
    right: float
    up: float


@dataclass(frozen=True)
class Face:
    """A typeface in a file, opened when it is first looked into."""

    path: Path
    index: int = 0

    @cached_property
    def file(self) -> hb.Face:
        return hb.Face(hb.Blob.from_file_path(self.path), self.index)

    @cached_property
    def font(self) -> hb.Font:
        return hb.Font(self.file)

    @property
    def family(self) -> str | None:
        name: str | None = self.file.get_name(hb.OTNameIdPredefined.FONT_FAMILY)
        return name

    @cached_property
    def _characters(self) -> hb.Set:
        return self.file.unicodes

    def has(self, text: str) -> bool:
        """Whether every character of the text is in it."""
        return all(ord(character) in self._characters for character in text)

    def shape(self, text: str, *, script: str, is_right_to_left: bool) -> list[Glyph]:
        """The glyphs of a text of one script, from left to right; none where nothing of it shows."""
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.direction = "rtl" if is_right_to_left else "ltr"
        buffer.script = script
        hb.shape(self.font, buffer)
        if not buffer.glyph_infos:
            return []
        texts = _texts(text, [info.cluster for info in buffer.glyph_infos])
        upem = self.file.upem
        glyphs = []
        for info, where in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            right, up, advance, _ = where.position
            stands_for = texts.pop(info.cluster, "")
            moves = advance / upem, right / upem, up / upem
            glyphs.append(Glyph(info.codepoint, info.cluster, stands_for, *moves))
        return glyphs


def _texts(text: str, clusters: Sequence[int]) -> dict[int, str]:
    """What each cluster of a shaped text stands for, by the place of its first character."""
    begins = sorted(set(clusters))
    return {
        begin: text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)
    }


class Fonts:
    """The typefaces of some folders, in the order in which they are asked."""

    def __init__(self, *folders: Path) -> None:
        files = (path for folder in folders for path in sorted(folder.rglob("*.[to]t[cf]")))
        self._files: dict[str, Path] = {}
        for path in files:
            self._files.setdefault(path.stem, path)
        self._others = {weight: self._find_others(weight) for weight in Weight}

    @cached_property
    def _main(self) -> dict[Weight, Face]:
        bold = (self._find_main(name, Weight.BOLD) for name in _MAIN)
        regular = next(
            filter(None, (self._find_main(name, Weight.REGULAR) for name in _MAIN)), None
        )
        if regular is None:
            raise FontsMissing(ADVICE)
        return {Weight.REGULAR: regular, Weight.BOLD: next(filter(None, bold), regular)}

    @cached_property
    def _han(self) -> dict[tuple[Weight, str], Face]:
        paths = {weight: self._files.get(f"{_HAN}-{weight}") for weight in Weight}
        return {
            (weight, style): face
            for weight, path in paths.items()
            for face in (_faces_in(path) if path else ())
            for style in HAN_STYLES
            if face.family == f"Noto Sans CJK {style}"
        }

    def main(self, weight: Weight) -> Face:
        """The typeface that letters are set in. FontsMissing if there is none."""
        return self._main[weight]

    def east_asian(self, text: str, weight: Weight, style: str) -> Face | None:
        """The typeface of East Asian characters, if it has every one of the text."""
        face = self._han.get((weight, style))
        return face if face and face.has(text) else None

    def choose(self, text: str, weight: Weight, han_style: str) -> Face | None:
        """A typeface that has every character of the text, of that weight where there is one."""
        for one in dict.fromkeys((weight, Weight.REGULAR)):
            for face in (self.main(one), *self._others[one]):
                if face.has(text):
                    return face
            if east_asian := self.east_asian(text, one, han_style):
                return east_asian
        return None

    def _find_main(self, name: str, weight: Weight) -> Face | None:
        plain = name if weight is Weight.REGULAR else f"{name} {weight}"
        path = self._files.get(f"{name}-{weight}") or self._files.get(plain)
        return Face(path) if path else None

    def _find_others(self, weight: Weight) -> list[Face]:
        found = []
        for stem, path in self._files.items():
            name, _, its_weight = stem.partition("-")
            rank = next((rank for rank, kind in enumerate(_OTHERS) if kind.fullmatch(name)), None)
            if rank is not None and its_weight in ("", weight):
                found.append((rank, stem, path))
        return [Face(path) for _, _, path in sorted(found)]


def _faces_in(path: Path) -> Iterator[Face]:
    return (Face(path, index) for index in range(hb.Face(hb.Blob.from_file_path(path)).count))


@cache
def installed() -> Fonts:
    """The typefaces of this machine, looked for once in a process."""
    return Fonts(*FOLDERS)
