"""What a file is, by its content: the types that are taken, and those that are often sent instead.

Own rules: libraries that know a thousand types guess, and of text they know nothing (decision 31)."""

from __future__ import annotations

import re

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TEXT = "text/plain"
CSV = "text/csv"
XML = "application/xml"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = "application/octet-stream"

# By which names a file of each type that can be taken is known, the usual one first.
SUFFIXES = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    TEXT: (".txt", ".sta", ".mt940"),
    CSV: (".csv", ".txt"),
    XML: (".xml",),
    ZIP: (".zip",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}

_HEAD_BYTES = 4096
_TAIL_BYTES = 65536  # of a ZIP: the directory at its end, with the names of what is in it
# A PDF may be all text, every other of these has bytes that no text has.
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"PK\x03\x04", ZIP),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "application/x-ole-storage",
    ),  # Word and Excel before 2007
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-elf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
)
_OFFICE = (
    (b"vbaProject.bin", "application/vnd.ms-office.macroEnabled"),
    (b"word/document.xml", DOCX),
    (b"xl/workbook.xml", XLSX),
)
_NO_TEXT = bytes({*range(32), 127} - {*b"\t\n\f\r"})
# Never tried again from further on: the time it takes grows with the length alone.
_FIRST_TAG = re.compile(
    rb"(?:\xef\xbb\xbf)?"
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!doctype\b[^>\[]*(?:\[.*?\]\s*)?>)*+"
    rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_MARKUP = {
    b"svg": "image/svg+xml",
    **dict.fromkeys((b"html", b"head", b"body", b"script"), "text/html"),
}


class Content:
    """A file that is looked at once, piece after piece, from its beginning to its end."""

    def __init__(self) -> None:
        self._head = self._tail = b""
        self._is_text = True

    def read(self, piece: bytes) -> None:
        """Look at the next piece."""
        if len(self._head) < _HEAD_BYTES:
            self._head = (self._head + piece)[:_HEAD_BYTES]
        self._tail = (self._tail + piece)[-_TAIL_BYTES:]
        self._is_text = self._is_text and len(piece.translate(None, _NO_TEXT)) == len(piece)

    def find_type(self) -> str:
        """Its media type; text/plain for all text that is no markup."""
        if self._head.startswith(b"%PDF-"):
            return PDF
        if self._is_text:
            return self._find_markup()
        found = (kind for start, kind in _SIGNATURES if self._head.startswith(start))
        kind = next(found, UNKNOWN)
        return self._find_in_zip() if kind == ZIP else kind

    def _find_markup(self) -> str:
        tag = _FIRST_TAG.match(self._head)
        return TEXT if tag is None else _MARKUP.get(tag[1].lower(), XML)

    def _find_in_zip(self) -> str:
        return next((kind for name, kind in _OFFICE if name in self._tail), ZIP)


def is_fit(*, declared: str, found: str) -> bool:
    """Whether a file that was found to be of one type may be called by the other."""
    return declared == found or (declared in {TEXT, CSV} and found in {TEXT, XML})


def name_for(name: str, media_type: str) -> str:
    """The name under which a file is given out: one that ends as its type's do."""
    suffixes = SUFFIXES[media_type]
    return name if name.lower().endswith(suffixes) else name + suffixes[0]
