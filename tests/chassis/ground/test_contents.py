"""What a file is, is said by its content, whatever it is called and however it comes in pieces."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ground.contents import (
    CSV,
    DOCX,
    JPEG,
    PDF,
    PNG,
    SUFFIXES,
    TEXT,
    UNKNOWN,
    XLSX,
    XML,
    ZIP,
    Content,
    is_fit,
    name_for,
)


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name in names:
            archive.writestr(name, b"x" * 100)
    return packed.getvalue()


CAMT = b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- June -->\n<Document xmlns="urn:camt.053"/>'
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
MACRO = "application/vnd.ms-office.macroEnabled"
EXAMPLES = [
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", PDF),
    (b"%PDF-1.4\nall of it is text", PDF),
    (b"\n%PDF-1.7", TEXT),
    (PICTURE, PNG),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", JPEG),
    (zipped("readme.txt"), ZIP),
    (zipped("word/document.xml"), DOCX),
    (zipped("xl/workbook.xml", "xl/worksheets/sheet1.xml"), XLSX),
    (zipped("word/document.xml", "word/vbaProject.bin"), MACRO),
    (zipped(*(f"word/media/{n}.png" for n in range(50)), "word/document.xml"), DOCX),
    ("Datum;Betrag\r\n01.06.2026;12,50 €\r\n".encode(), TEXT),
    ("Müller;12,50\r\n".encode("cp1252"), TEXT),
    (b":20:STARTUMS\r\n:25:10020030/1234567\r\n-", TEXT),
    (CAMT, XML),
    (b"\xef\xbb\xbf" + CAMT, XML),
    (b"<camt:Document/>", XML),
    (b'<!DOCTYPE note [<!ENTITY a "b">]><note/>', XML),
    (b"<!doctype html><title>x</title><body>", XML),
    (b"<!doctype html>\n<html lang=en>", "text/html"),
    (b"<HTML><body>", "text/html"),
    (b" <script>alert(1)</script>", "text/html"),
    (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    (b"<svg:svg/>", "image/svg+xml"),
    (b"1 < 2", TEXT),
    (b"GIF89a\x01\x00", "image/gif"),
    (b"MZ\x90\x00\x03", "application/vnd.microsoft.portable-executable"),
    (b"MZ;Name\n", TEXT),
    (b"\x7fELF\x02\x01", "application/x-elf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"a,b\x00c", UNKNOWN),
    ("a,b".encode("utf-16"), UNKNOWN),
    (b"\x00", UNKNOWN),
]


def type_of(*pieces: bytes) -> str:
    content = Content()
    for piece in pieces:
        content.read(piece)
    return content.find_type()


@pytest.mark.parametrize(("content", "found"), EXAMPLES)
def test_a_file_is_what_its_content_says(content: bytes, found: str) -> None:
    assert type_of(content) == found


@given(st.data())
def test_it_does_not_matter_in_which_pieces_a_file_is_looked_at(data: st.DataObject) -> None:
    content, found = data.draw(st.sampled_from(EXAMPLES))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(content)), max_size=6)))
    pieces = [content[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    assert type_of(*pieces) == found


def test_what_is_no_text_anywhere_is_no_text() -> None:
    assert type_of(b"a" * 300_000, b"b\x01c", b"d" * 300_000) == UNKNOWN


def test_a_long_beginning_without_a_tag_is_looked_at_once() -> None:
    assert type_of(b"<!--a-->" * 500_000) == TEXT


@pytest.mark.parametrize(
    ("declared", "found", "fits"),
    [
        (PDF, PDF, True),
        (PDF, PNG, False),
        (CSV, TEXT, True),
        (TEXT, XML, True),
        (XML, TEXT, False),
        (XML, "image/svg+xml", False),
        (TEXT, "text/html", False),
        (ZIP, DOCX, False),
        (DOCX, ZIP, False),
        (DOCX, MACRO, False),
    ],
)
def test_a_file_is_called_what_it_is(declared: str, found: str, fits: bool) -> None:
    assert is_fit(declared=declared, found=found) is fits


@pytest.mark.parametrize(
    ("name", "media_type", "given"),
    [
        ("extract.pdf", PDF, "extract.pdf"),
        ("Extract.PDF", PDF, "Extract.PDF"),
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("extract", PDF, "extract.pdf"),
        ("extract.pdf.exe", PDF, "extract.pdf.exe.pdf"),
        ("page.html", TEXT, "page.html.txt"),
        (".htaccess", TEXT, ".htaccess.txt"),
    ],
)
def test_a_file_is_given_out_under_a_name_that_ends_as_its_type_does(
    name: str, media_type: str, given: str
) -> None:
    assert name_for(name, media_type) == given


@pytest.mark.parametrize("media_type", SUFFIXES)
def test_every_type_that_can_be_taken_can_be_found(media_type: str) -> None:
    assert any(is_fit(declared=media_type, found=found) for _, found in EXAMPLES)
