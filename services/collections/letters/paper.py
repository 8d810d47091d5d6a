"""Drawing a letter on paper: an A4 business letter as PDF, the same bytes for the same letter."""

from __future__ import annotations

from datetime import UTC, datetime

from fpdf import FPDF

from services.collections.letters.rules import LABELS, Letter, in_latin
from services.collections.procedures.rules import FALLBACK_LANGUAGE

# Millimetres. The recipient stands where a window envelope shows it (DIN 5008, form B).
_LEFT, _RIGHT, _WIDTH = 25, 20, 165
_COLUMNS = (38, 36, 25, 33, 33)
_LINE = 5.2
_GREY, _BLACK, _FILL = (110, 110, 110), (20, 20, 20), (238, 240, 243)
_DRAWN = datetime(2000, 1, 1, tzinfo=UTC)  # a fixed date in the file: its content alone matters


def draw_letter(letter: Letter) -> bytes:
    """The letter as a PDF."""
    page = _Page(letter)
    page.add_page()
    _head(page, letter)
    _paragraph(page, letter.opening)
    _table(page, letter)
    _paragraph(page, letter.closing)
    _paragraph(page, letter.sender)
    return bytes(page.output())


class _Page(FPDF):
    """A4 with the sender in the foot of every page."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(format="A4")
        self._letter = letter
        self.set_margins(_LEFT, 20, _RIGHT)
        self.set_auto_page_break(True, margin=28)
        self.set_creation_date(_DRAWN)
        self.set_title(in_latin(letter.subject))
        self.set_author(in_latin(letter.sender))
        self.set_text_color(*_BLACK)

    def footer(self) -> None:
        labels = LABELS.get(self._letter.language, LABELS[FALLBACK_LANGUAGE])
        self.set_y(-20)
        self.set_draw_color(*_GREY)
        self.line(_LEFT, self.get_y(), _LEFT + _WIDTH, self.get_y())
        self.set_y(-18)
        self.set_font("Helvetica", size=8)
        self.set_text_color(*_GREY)
        sender = f"{self._letter.sender}  |  {self._letter.sender_email}"
        self.cell(_WIDTH - 35, 5, in_latin(sender))
        self.cell(35, 5, labels.page.format(page=self.page_no()), align="R")
        self.set_text_color(*_BLACK)


def _head(page: FPDF, letter: Letter) -> None:
    page.set_font("Helvetica", "B", 15)
    page.cell(_WIDTH, 8, in_latin(letter.sender), align="R")
    page.set_y(45)
    page.set_font("Helvetica", size=7)
    page.set_text_color(*_GREY)
    page.cell(
        85, 4, in_latin(f"{letter.sender}, {letter.sender_email}"), new_x="LMARGIN", new_y="NEXT"
    )
    page.set_text_color(*_BLACK)
    page.set_font("Helvetica", size=11)
    page.ln(1.5)
    page.multi_cell(85, _LINE, in_latin("\n".join(letter.recipient)), align="L")
    page.set_xy(120, 50)
    page.set_font("Helvetica", size=9)
    for label, value in letter.facts:
        _fact(page, label, value)
    page.set_y(88)
    page.set_font("Helvetica", size=10.5)
    page.cell(_WIDTH, _LINE, in_latin(letter.written_on), align="R", new_x="LMARGIN", new_y="NEXT")
    page.ln(6)
    page.set_font("Helvetica", "B", 12)
    page.multi_cell(_WIDTH, 6, in_latin(letter.subject), align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(4)


def _fact(page: FPDF, label: str, value: str) -> None:
    page.set_x(120)
    page.set_text_color(*_GREY)
    page.cell(70, 4, in_latin(label), new_x="LEFT", new_y="NEXT")
    page.set_text_color(*_BLACK)
    page.cell(70, 4, in_latin(value), new_x="LEFT", new_y="NEXT")
    page.ln(1)


def _paragraph(page: FPDF, text: str) -> None:
    page.set_font("Helvetica", size=10.5)
    page.multi_cell(_WIDTH, _LINE, in_latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(5)


def _table(page: FPDF, letter: Letter) -> None:
    _table_head(page, letter)
    for row in letter.rows:
        if page.will_page_break(6.5):
            page.add_page()
            _table_head(page, letter)
        _cells(page, row, border="B")
    if page.will_page_break(8):
        page.add_page()
    page.set_font("Helvetica", "B", 10)
    label, amount = letter.total
    page.cell(_WIDTH - 50, 8, in_latin(label))
    page.cell(50, 8, in_latin(amount), align="R", new_x="LMARGIN", new_y="NEXT")
    page.ln(5)


def _table_head(page: FPDF, letter: Letter) -> None:
    page.set_font("Helvetica", "B", 9)
    page.set_fill_color(*_FILL)
    page.set_draw_color(*_GREY)
    _cells(page, letter.columns, is_filled=True)
    page.set_font("Helvetica", size=9.5)
    page.set_draw_color(215, 218, 222)


def _cells(page: FPDF, row: list[str], *, border: str = "", is_filled: bool = False) -> None:
    for place, (width, text) in enumerate(zip(_COLUMNS, row, strict=True)):
        page.cell(
            width,
            6.5,
            _fitting(page, in_latin(text), width) if place == 0 else in_latin(text),
            border=border,
            align="L" if place < 2 else "R",
            fill=is_filled,
        )
    page.ln()


def _fitting(page: FPDF, text: str, width: float) -> str:
    """The text, cut to the column: a long invoice number must not run over its neighbours."""
    while page.get_string_width(text) > width - 2.2:
        text = text[:-4] + "..."
    return text
