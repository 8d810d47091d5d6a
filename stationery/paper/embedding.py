"""A typeface inside a PDF (ISO 32000-1, 9.6 to 9.10): the shapes that are shown, a code for each, and
what each code means, so that the text can be searched and copied."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

import uharfbuzz as hb

from stationery.paper.fonts import Face, Glyph

_IN_PDF = 1000  # what a PDF divides an em into
_SYMBOLIC = 4  # flag of a font whose codes are its own
_STEM = 80  # how thick its strokes are; only for a reader that has to replace it
_NOT_SHOWN = b"BASE DSIG GDEF GPOS GSUB OS/2 VORG cmap gasp name post vhea vmtx".split()
_BLOCK = 100  # entries that a part of a character map may have
_NOTHING = "\u200b"  # what a code without meaning is read as, by who knows nothing of ActualText

_MAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{blocks}
endcmap CMapName currentdict /CMap defineresource pop end end"""


class EmbeddedFace:
    """What a PDF shows of a typeface. First it takes all glyphs, then it is asked about them."""

    def __init__(self, face: Face, name: str) -> None:
        self.name = name
        self._face = face
        self._taken: dict[tuple[int, str], int] = {}  # in a row, so that the same is the same file
        self._widths: dict[int, int] = {}

    def take(self, glyphs: Sequence[Glyph]) -> None:
        """Embed these too."""
        for glyph in glyphs:
            self._taken.setdefault((glyph.number, glyph.text), len(self._taken) + 1)

    def show(self, glyphs: Sequence[Glyph], size: float) -> str:
        """The operators that show glyphs from the pen on: their codes, and where one moves the pen
        differently than the shape is wide, or stands above its place. Where several stand for one
        text, they are told to."""
        parts, moved = [], 0.0
        for _, some in groupby(glyphs, key=lambda glyph: glyph.place):
            cluster = list(some)
            codes = ""
            for glyph in cluster:
                step = round(moved + glyph.right * _IN_PDF)
                moved += glyph.advance * _IN_PDF - step - self._width(glyph.number)
                codes += f"{-step or ''}{self._one(glyph, size)}"
            parts.append(codes if len(cluster) == 1 else _span(cluster, codes))
        return f"[{''.join(parts)}] TJ".replace("><", "").replace("[] TJ", "")

    def _one(self, glyph: Glyph, size: float) -> str:
        number, text = glyph.number, glyph.text
        code = f"<{self._shape(number) if self.is_postscript else self._taken[number, text]:04X}>"
        return f"] TJ {glyph.up * size:.2f} Ts [{code}] TJ 0 Ts [" if glyph.up else code

    @property
    def title(self) -> str:
        """Its name, with the mark of a part."""
        own = self._face.file.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or self.name
        return f"STWRDA+{own}"

    @property
    def description(self) -> str:
        """What a font descriptor says of it."""
        head = self._face.file.reference_table("head").data
        box = " ".join(f"{self._scaled(edge):d}" for edge in struct.unpack(">4h", head[36:44]))
        extents = self._face.font.get_font_extents("ltr")
        ascent, descent = self._scaled(extents.ascender), self._scaled(extents.descender)
        return (
            f"/Type /FontDescriptor /FontName /{self.title} /Flags {_SYMBOLIC} /FontBBox [{box}] "
            f"/ItalicAngle 0 /Ascent {ascent} /Descent {descent} /CapHeight {ascent} /StemV {_STEM}"
        )

    @cached_property
    def is_postscript(self) -> bool:
        """Whether its outlines are PostScript's (CFF), shown by their own numbers; else they are
        TrueType's, and a glyph has a code for each text that it stands for."""
        return "CFF " in self._face.file.table_tags

    @cached_property
    def program(self) -> bytes:
        """The shapes themselves."""
        part = self._plan.execute()
        return bytes(part.reference_table("CFF ").data if self.is_postscript else part.blob.data)

    @property
    def widths(self) -> str:
        """How wide the shape of each code is."""
        widths = {code: self._width(number) for code, number, _ in self._codes()}
        return " ".join(f"{code} [{width}]" for code, width in widths.items())

    @property
    def shapes(self) -> bytes:
        """Which shape each code shows, two bytes for each from 0 on: for TrueType."""
        return struct.pack(
            f">{len(self._taken) + 1}H", 0, *(self._shape(n) for n, _ in self._taken)
        )

    @property
    def meaning(self) -> str:
        """Which text each code stands for, as a character map."""
        texts: dict[int, str] = {}
        for code, _, text in self._codes():
            texts[code] = texts.get(code) or text
        entries = [f"<{code:04X}> {_hex(text or _NOTHING)}" for code, text in texts.items()]
        blocks = [entries[at : at + _BLOCK] for at in range(0, len(entries), _BLOCK)]
        return _MAP.format(
            blocks="\n".join(
                "\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks
            )
        )

    def _codes(self) -> Iterator[tuple[int, int, str]]:
        for (number, text), place in self._taken.items():
            yield self._shape(number) if self.is_postscript else place, number, text

    def _shape(self, number: int) -> int:
        return self._shapes[number]

    def _width(self, number: int) -> int:
        if number not in self._widths:
            self._widths[number] = self._scaled(self._face.font.get_glyph_h_advance(number))
        return self._widths[number]

    def _scaled(self, units: float) -> int:
        upem: int = self._face.file.upem
        return round(units * _IN_PDF / upem)

    @cached_property
    def _shapes(self) -> dict[int, int]:
        return dict(self._plan.old_to_new_glyph_mapping)

    @cached_property
    def _plan(self) -> hb.SubsetPlan:
        wanted = hb.SubsetInput()
        wanted.glyph_set.update({number for number, _ in self._taken})
        wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _NOT_SHOWN)
        wanted.flags = (
            hb.SubsetFlags.NO_LAYOUT_CLOSURE
            | hb.SubsetFlags.NOTDEF_OUTLINE
            | hb.SubsetFlags.NO_HINTING
            | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        )
        return hb.SubsetPlan(self._face.file, wanted)


def _span(cluster: Sequence[Glyph], codes: str) -> str:
    text = "".join(glyph.text for glyph in cluster)
    return f"] TJ /Span <</ActualText {as_text(text)}>> BDC [{codes}] TJ EMC ["


def as_text(text: str) -> str:
    """A text as a PDF writes it where people read it."""
    return _hex("\ufeff" + text)


def _hex(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex().upper()}>"
