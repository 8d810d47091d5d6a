"""Writing a PDF (ISO 32000-1): pages of glyphs, rules and bands, with the shapes it shows embedded."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from stationery.paper.archive import Archive, Attachment, describe_colours, digest
from stationery.paper.embedding import EmbeddedFace, as_text
from stationery.paper.fonts import Face, Glyph
from stationery.paper.pictures import Picture

Rgb = tuple[float, float, float]
Mark = Callable[[], str]  # gives the operators that make it, once all that is shown is known

_HEADER = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
_DATE = "(D:20000101000000Z)"  # always the same: the file's content alone matters
_POINTS = 72 / 25.4  # in a millimetre
_WIDTH, _HEIGHT = 595.28, 841.89  # points; A4
_SYSTEM = "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
_READING = ("/L2R", "/R2L")


class Pdf:
    """A PDF in the making. Lengths are millimetres from the top left of the page, sizes points."""

    def __init__(
        self,
        *,
        title: str,
        author: str,
        language: str,
        direction: int,
        archive: Archive | None = None,
    ) -> None:
        self._objects: list[bytes] = []
        self._fonts: dict[Face, EmbeddedFace] = {}
        self._pictures: dict[Picture, str] = {}
        self._pages: list[list[Mark]] = []
        self._archive, self._title, self._author = archive, title, author
        date = archive.date if archive else _DATE
        self._info = f"<</Title {as_text(title)} /Author {as_text(author)} /CreationDate {date}>>"
        shown = f"<</DisplayDocTitle true /Direction {_READING[direction]}>>"
        self._catalog = f"/Type /Catalog /Lang {as_text(language)} /ViewerPreferences {shown}"

    def add_page(self) -> None:
        """Go on on a new page."""
        self._pages.append([])

    def band(self, left: float, top: float, width: float, height: float, colour: Rgb) -> None:
        """A filled rectangle."""
        size = f"{width * _POINTS:.2f} {height * _POINTS:.2f}"
        mark = f"{_rgb(colour)} rg {_place(left, top + height)} {size} re f"
        self._pages[-1].append(lambda: mark)

    def rule(self, left: float, right: float, y: float, colour: Rgb) -> None:
        """A thin line across."""
        mark = f"{_rgb(colour)} RG 0.6 w {_place(left, y)} m {_place(right, y)} l S"
        self._pages[-1].append(lambda: mark)

    def picture(
        self, picture: Picture, left: float, top: float, width: float, height: float
    ) -> None:
        """A picture in a rectangle."""
        name = self._pictures.setdefault(picture, f"P{len(self._pictures) + 1}")
        size = f"{width * _POINTS:.2f} 0 0 {height * _POINTS:.2f}"
        mark = f"q {size} {_place(left, top + height)} cm /{name} Do Q"
        self._pages[-1].append(lambda: mark)

    def glyphs(
        self,
        face: Face,
        glyphs: Sequence[Glyph],
        size: float,
        x: float,
        baseline: float,
        colour: Rgb,
    ) -> None:
        """Glyphs from `x` to the right."""
        font = self._fonts.get(face) or EmbeddedFace(face, f"F{len(self._fonts) + 1}")
        self._fonts[face] = font
        font.take(glyphs)
        begin = f"BT {_rgb(colour)} rg /{font.name} {size:g} Tf {_place(x, baseline)} Td"
        self._pages[-1].append(lambda: f"{begin} {font.show(glyphs, size)} ET")

    def finish(self) -> bytes:
        """The file."""
        fonts = " ".join(f"/{one.name} {self._embed(one)} 0 R" for one in self._fonts.values())
        shown = " ".join(
            f"/{name} {self._add_picture(one)} 0 R" for one, name in self._pictures.items()
        )
        resources = f"/Resources <</Font <<{fonts}>> /XObject <<{shown}>>>>"
        pages = len(self._objects) + 2 * len(self._pages) + 1
        kids = [self._add_page_of(marks, resources, pages) for marks in self._pages]
        assert pages == len(self._objects) + 1
        children = " ".join(f"{kid} 0 R" for kid in kids)
        self._add(f"<</Type /Pages /Count {len(kids)} /Kids [{children}]>>")
        kept = f" {self._keep(self._archive)}" if self._archive else ""
        root = self._add(f"<<{self._catalog} /Pages {pages} 0 R{kept}>>")
        return self._file(root, self._add(self._info))

    def _keep(self, archive: Archive) -> str:
        """What the catalog says of a file that is kept: what it is, what colours mean, what it holds."""
        metadata = archive.metadata(title=self._title, author=self._author)
        told = self._add_plain("/Type /Metadata /Subtype /XML", metadata)
        profile = self._add_stream("/N 3", describe_colours())
        intent = "<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) "
        colours = f"/OutputIntents [{intent}/DestOutputProfile {profile} 0 R>>]"
        held = self._hold(archive, archive.attachment) if archive.attachment else ""
        return f"/Metadata {told} 0 R {colours} {held}"

    def _hold(self, archive: Archive, held: Attachment) -> str:
        size = f"/Params <</ModDate {archive.date} /Size {len(held.content)}>>"
        content = self._add_stream(f"/Type /EmbeddedFile /Subtype /text#2Fxml {size}", held.content)
        name = as_text(held.name)
        file = self._add(
            f"<</Type /Filespec /F {name} /UF {name} /AFRelationship /Alternative "
            f"/Desc (Factur-X) /EF <</F {content} 0 R /UF {content} 0 R>>>>"
        )
        names = f"/Names <</EmbeddedFiles <</Names [{name} {file} 0 R]>>>>"
        return f"{names} /AF [{file} 0 R]"

    def _add_page_of(self, marks: Sequence[Mark], resources: str, parent: int) -> int:
        content = self._add_stream("", "\n".join(mark() for mark in marks).encode())
        box = f"/MediaBox [0 0 {_WIDTH} {_HEIGHT}]"
        links = f"/Parent {parent} 0 R /Contents {content} 0 R"
        return self._add(f"<</Type /Page {links} {box} {resources}>>")

    def _add_picture(self, picture: Picture) -> int:
        size = f"/Width {picture.width} /Height {picture.height}"
        kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8"
        return self._add_deflated(f"{kind} {size}", picture.points)

    def _embed(self, face: EmbeddedFace) -> int:
        if face.is_postscript:
            kind, file, keys, shapes = "CIDFontType0", "/FontFile3", "/Subtype /CIDFontType0C", ""
        else:
            kind, file, keys = "CIDFontType2", "/FontFile2", f"/Length1 {len(face.program)}"
            shapes = f"/CIDToGIDMap {self._add_stream('', face.shapes)} 0 R"
        program = self._add_stream(keys, face.program)
        descriptor = self._add(f"<<{face.description} {file} {program} 0 R>>")
        meaning = self._add_stream("", face.meaning.encode())
        font = self._add(
            f"<</Type /Font /Subtype /{kind} /BaseFont /{face.title} /CIDSystemInfo {_SYSTEM} "
            f"/FontDescriptor {descriptor} 0 R /DW 0 /W [{face.widths}] {shapes}>>"
        )
        return self._add(
            f"<</Type /Font /Subtype /Type0 /BaseFont /{face.title} /Encoding /Identity-H "
            f"/DescendantFonts [{font} 0 R] /ToUnicode {meaning} 0 R>>"
        )

    def _add(self, content: str) -> int:
        self._objects.append(content.encode())
        return len(self._objects)

    def _add_stream(self, keys: str, content: bytes) -> int:
        return self._add_deflated(keys, zlib.compress(content))

    def _add_plain(self, keys: str, content: bytes) -> int:
        head = f"<<{keys} /Length {len(content)}>>\nstream\n".encode()
        self._objects.append(head + content + b"\nendstream")
        return len(self._objects)

    def _add_deflated(self, keys: str, packed: bytes) -> int:
        head = f"<<{keys} /Filter /FlateDecode /Length {len(packed)}>>\nstream\n".encode()
        self._objects.append(head + packed + b"\nendstream")
        return len(self._objects)

    def _file(self, root: int, info: int) -> bytes:
        parts, places, at = [_HEADER], [], len(_HEADER)
        for number, content in enumerate(self._objects, 1):
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            places.append(b"%010d 00000 n \n" % at)
            at += len(parts[-1])
        size = len(self._objects) + 1
        name = f" /ID [{digest(b''.join(parts)) * 2}]" if self._archive else ""
        trailer = f"trailer\n<</Size {size} /Root {root} 0 R /Info {info} 0 R{name}>>\n"
        table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, b"".join(places))
        return b"".join([*parts, table, trailer.encode(), b"startxref\n%d\n%%%%EOF\n" % at])


def _place(x: float, y: float) -> str:
    return f"{x * _POINTS:.2f} {_HEIGHT - y * _POINTS:.2f}"


def _rgb(colour: Rgb) -> str:
    return " ".join(f"{part:g}" for part in colour)
