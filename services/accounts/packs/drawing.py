"""A pack on paper: the one place that knows fpdf2 and the typefaces of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF, Align

from kernel.refusals import Unavailable
from services.accounts.packs.rules import Line, heading, lines_of

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path(os.path.expanduser("~/.local/share/fonts")),
    Path(os.path.expanduser("~/Library/Fonts")),
    Path("/Library/Fonts"),
)
# What all is set in, and where the characters are looked for that it lacks, in this order.
MAIN = {"": "NotoSans-Regular.ttf", "B": "NotoSans-Bold.ttf"}
OTHERS = ("DejaVuSans.ttf", "NotoSans?*-Regular.ttf", "NotoSansCJK-Regular.ttc", "Symbola*.ttf")
ADVICE = (
    "There is no typeface to set packs in on this machine: install Noto (Debian, Ubuntu: apt-get install "
    "fonts-noto-core fonts-noto-cjk)."
)
INDENT, LABEL = 5, 38  # millimetres
TOGETHER = 11  # a heading and its first line


class _Paper(FPDF):
    """A4 with the pack's name and hash at the foot of each page."""

    foot: str

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("main", size=7)
        self.cell(0, 4, f"{self.foot} · page {self.page_no()} of {{nb}}", align=Align.C)


def draw_pack(
    sections: Mapping[str, Any], *, title: str, subtitle: str, sha256: str, frozen_at: datetime
) -> bytes:
    """The pack as a PDF; the same one gives the same bytes on the same machine."""
    lines = {name: lines_of(value) for name, value in sections.items()}
    paper = _Paper()
    paper.set_creation_date(frozen_at)
    paper.set_title(title)
    paper.foot = f"SHA-256 {sha256}"
    told = "".join(one.label + one.text for section in lines.values() for one in section)
    _set_typefaces(paper, {*title, *subtitle, *told})
    paper.set_auto_page_break(auto=True, margin=16)
    paper.add_page()
    _write(paper, title, size=15, style="B")
    _write(paper, subtitle, size=9)
    for name, section in lines.items():
        paper.ln(3)
        if paper.will_page_break(TOGETHER):
            paper.add_page()
        _write(paper, heading(name), size=11, style="B")
        for line in section:
            _write_line(paper, line)
    return bytes(paper.output())


def _write(paper: FPDF, text: str, *, size: float, style: str = "") -> None:
    paper.set_font("main", style, size)
    paper.multi_cell(0, size * 0.5, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")


def _write_line(paper: FPDF, line: Line) -> None:
    paper.set_font("main", size=9)
    paper.set_x(paper.l_margin + line.depth * INDENT)
    if line.label == "•" or not line.label:
        text = f"{line.label} {line.text}".strip()
    else:
        paper.cell(LABEL, 4.6, line.label)
        text = line.text
    paper.multi_cell(0, 4.6, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")


def _set_typefaces(paper: FPDF, needed: set[str]) -> None:
    for style, name in MAIN.items():
        paper.add_font("main", style, _main(name))
    missing = {ord(one) for one in needed} - _characters_of(_main(MAIN[""]))
    others = []
    for path in _others() if missing else ():
        if found := missing & _characters_of(path):
            missing -= found
            others.append(path.stem)
            paper.add_font(path.stem, "", path)
    paper.set_fallback_fonts(others, exact_match=False)
    paper.set_text_shaping(use_shaping_engine=True)


@cache
def _main(name: str) -> Path:
    path = next(_find(name), None)
    if path is None:
        raise Unavailable("typefaces_missing", ADVICE)
    return path


@cache
def _others() -> Sequence[Path]:
    return [path for pattern in OTHERS for path in sorted(_find(pattern))]


def _find(pattern: str) -> Iterator[Path]:
    return (path for folder in FOLDERS if folder.exists() for path in folder.rglob(pattern))


@cache
def _characters_of(path: Path) -> frozenset[int]:
    with TTFont(path, fontNumber=0, lazy=True) as face:
        return frozenset(face.getBestCmap() or ())
