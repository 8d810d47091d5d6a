"""Claims about PDFs that are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from xml.etree import ElementTree

from pypdf import PdfReader

from stationery.paper.archive import Archive, Attachment, describe_colours
from stationery.paper.pdf import Pdf

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FILE = Attachment("factur-x.xml", b"<a/>", "EN 16931")


def _written(archive: Archive | None) -> bytes:
    pdf = Pdf(title="A <b> & c", author="Ö", language="en", direction=0, archive=archive)
    pdf.add_page()
    return pdf.finish()


def test_it_carries_its_file_and_says_when_it_was_made() -> None:
    reader = PdfReader(BytesIO(_written(Archive(AT, FILE))))
    assert reader.attachments == {"factur-x.xml": [b"<a/>"]}
    assert reader.metadata is not None and reader.metadata.creation_date == AT
    told = ElementTree.fromstring(reader.trailer["/Root"]["/Metadata"].get_data())
    assert "A <b> & c" in [node.text for node in told.iter()]


def test_the_moment_is_the_same_in_every_time_zone() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert _written(Archive(elsewhere, FILE)) == _written(Archive(AT, FILE))


def test_what_is_not_to_be_kept_is_as_it_was() -> None:
    plain = _written(None)
    assert b"/OutputIntents" not in plain and b"/ID" not in plain


def test_what_colours_mean_is_always_the_same_bytes() -> None:
    profile = describe_colours()
    assert int.from_bytes(profile[:4], "big") == len(profile)
    assert (profile[16:20], profile[36:40]) == (b"RGB ", b"acsp")
    assert profile[24:36] == bytes.fromhex("07d000010001000000000000")
