"""Drawing a document: A4 as PDF, or as PDF/A-3 with its e-invoice inside."""

from __future__ import annotations

from services.billing.paper.layout import lay_out
from services.billing.sheets.rules import Sheet
from stationery.languages import is_right_to_left
from stationery.paper.archive import Archive
from stationery.paper.drawing import choose_han_style, draw_pages, warn_of_missing
from stationery.paper.fonts import Fonts, installed
from stationery.paper.pdf import Pdf
from stationery.paper.pictures import read_picture
from stationery.paper.typesetting import Typesetter


def draw_sheet(
    sheet: Sheet,
    *,
    logo: bytes | None = None,
    archive: Archive | None = None,
    fonts: Fonts | None = None,
) -> bytes:
    """The document as a PDF with this logo (PNG or JPEG), in these typefaces or those of the machine; to
    be kept, with what the archive says inside. FontsMissing if there is no typeface at all."""
    direction = int(is_right_to_left(sheet.language))
    text = " ".join([*sheet.recipient, sheet.title, *(row[0] for row in sheet.rows)])
    style = choose_han_style(language=sheet.language, reader=sheet.reader, text=text)
    setter = Typesetter(fonts or installed(), han_style=style, direction=direction)
    pdf = Pdf(
        title=sheet.title,
        author=sheet.sender,
        language=sheet.language,
        direction=direction,
        archive=archive,
    )
    draw_pages(lay_out(sheet, setter, read_picture(logo) if logo else None), pdf)
    warn_of_missing(setter, reference=sheet.reference)
    return pdf.finish()
