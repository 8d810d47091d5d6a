"""Claims about the PDF of a document: what can be read of it, what it carries, that it can be kept."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader

from services.billing.e_invoices.rules import FILE_NAME, LEVEL, write_e_invoice
from services.billing.paper.codes import draw_code
from services.billing.paper.drawing import draw_sheet
from services.billing.sheets.rules import compose
from stationery.paper.archive import Archive, Attachment
from tests.services.billing.papers import bill, line

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WRITTEN = bill(line(10_000, description="Bürostuhl <5 Rollen> & Öl"))
XML = write_e_invoice(WRITTEN)
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"


def _drawn(language: str = "en", *, xml: bytes | None = XML) -> bytes:
    sheet = compose(bill(*WRITTEN.lines, language=language), reference="doc_1", email="a@b.example")
    held = None if xml is None else Attachment(FILE_NAME, xml, LEVEL)
    return draw_sheet(sheet, archive=Archive(AT, held))


@pytest.mark.parametrize("language", ["en", "ru", "el", "ar", "he", "ja", "zh-Hans", "hi", "th"])
def test_its_text_can_be_read_in_every_script(language: str) -> None:
    content = _drawn(language)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert "U+" not in text, "a character is in no typeface"
    assert "2026-000123" in text and "DE89 3704 0044 0532 0130 00" in text


def test_the_e_invoice_comes_out_of_it_as_it_went_in() -> None:
    name, content = get_facturx_xml_from_pdf(_drawn(), check_xsd=True)
    assert (name, content) == ("factur-x.xml", XML)


def test_it_says_that_it_is_one_to_be_kept_and_what_it_carries() -> None:
    catalog = PdfReader(BytesIO(_drawn())).trailer["/Root"]
    told = ElementTree.fromstring(catalog["/Metadata"].get_data())
    found = {node.tag: node.text for node in told.iter()}
    assert (found[f"{PDFA}part"], found[f"{PDFA}conformance"]) == ("3", "B")
    assert found[f"{FX}ConformanceLevel"] == "EN 16931"
    assert found[f"{FX}DocumentFileName"] == "factur-x.xml"
    assert found["{http://ns.adobe.com/xap/1.0/}CreateDate"] == "2026-03-02T09:30:00Z"
    [intent] = catalog["/OutputIntents"]
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp", "an ICC profile"
    [file] = catalog["/AF"]
    assert file["/AFRelationship"] == "/Alternative"
    assert file["/EF"]["/F"]["/Subtype"] == "/text/xml"


def test_every_typeface_is_inside_and_the_file_has_a_name_of_its_own() -> None:
    reader = PdfReader(BytesIO(_drawn()))
    assert len(reader.trailer["/ID"]) == 2
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            [descendant] = font["/DescendantFonts"]
            keys = descendant["/FontDescriptor"].keys()
            assert keys & {"/FontFile2", "/FontFile3"}


def test_the_same_document_is_the_same_bytes_and_another_is_not() -> None:
    assert _drawn() == _drawn()
    assert _drawn() != _drawn(xml=None)


def test_without_an_e_invoice_there_is_nothing_inside() -> None:
    reader = PdfReader(BytesIO(_drawn(xml=None)))
    assert "/AF" not in reader.trailer["/Root"]
    assert reader.attachments == {}


def test_a_code_is_square_and_black_on_white() -> None:
    code = draw_code("BCD\n002\n1\nSCT\n\nStéward\nDE89370400440532013000\nEUR1.00\n\n\nR-1")
    assert code.width == code.height
    assert code.width % 8 == 0
