"""Claims about letters as PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from structlog.testing import capture_logs

from services.collections.letters.rules import Letter, Line, compose
from services.collections.paper.drawing import draw_letter

_TEMPLATES = {
    "en": {"subject": "{name}: {total}", "opening": "Dear {name},", "closing": "Pay {total}."},
    "he": {"subject": "תזכורת", "opening": "לכבוד {name},", "closing": "נא לשלם {total}."},
    "ja": {
        "subject": "お願い",
        "opening": "{name} 御中",
        "closing": "{total} をお支払いください。",
    },
}


def _letter(**differently: Any) -> Letter:
    facts: dict[str, Any] = {
        "reference": "dnt_1",
        "templates": _TEMPLATES,
        "level_name": "Final notice",
        "language": "en",
        "account_number": "A-1001",
        "name": "Brown & Sons",
        "person": "Ann Payer",
        "address": [],
        "lines": [Line(f"2026-{count:06d}", date(2026, 1, 31), 5_000, 5_000) for count in (1, 2)],
        "currency": "EUR",
        "on": date(2026, 3, 5),
        "sender": "",
        "sender_email": "collections@steward.example",
    }
    return compose(**{**facts, **differently})


def _read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def _lines(pdf: bytes) -> list[str]:
    """What a reader finds in the file, line by line."""
    text = "\n".join(page.extract_text() for page in _read(pdf).pages)
    return text.replace("\u200b", "").splitlines()


def _faces(pdf: bytes) -> set[str]:
    fonts = (page["/Resources"]["/Font"].values() for page in _read(pdf).pages)  # type: ignore[index]
    return {font.get_object()["/BaseFont"].partition("+")[2] for some in fonts for font in some}


def test_the_same_letter_is_the_same_file() -> None:
    assert draw_letter(_letter()) == draw_letter(_letter())
    assert draw_letter(_letter()) != draw_letter(_letter(account_number="A-1002"))


def test_every_word_of_a_letter_can_be_read_out_of_the_file_in_order() -> None:
    lines = _lines(draw_letter(_letter()))

    assert lines == [
        "Accounts Receivable",
        "Accounts Receivable, collections@steward.example",
        "Brown & Sons",
        "Attn. Ann Payer",
        "Account",
        "A-1001",
        "Our reference",
        "dnt_1",
        "5 March 2026",
        "Brown & Sons: 100.00 EUR",
        "Dear Brown & Sons,",
        "Invoice Due Days overdue Invoiced To pay",
        "2026-000001 31 January 2026 33 50.00 EUR 50.00 EUR",
        "2026-000002 31 January 2026 33 50.00 EUR 50.00 EUR",
        "Total 100.00 EUR",
        "Pay 100.00 EUR.",
        "Accounts Receivable",
        "Accounts Receivable  |  collections@steward.example Page 1 of 1",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "STRASSE ẞ · Əliyev · Ġorġ · Đorđe · Žižek · Łódź",
        "Щукин и Ёлка",
        "Ωμέγα ΑΕ",
        "上海进出口有限公司",
        "株式会社東京カード",
        "주식회사 한국무역",
        "شركة النور",
        "חברת שלום בע״מ",
        "भारत इस्पात लिमिटेड",
        "บริษัท ไทยเจริญ จำกัด",
        "თბილისის ბანკი",
        "Հայաստան",
        "Pizza 😀🍕 GmbH",
        "{nb} & {page} GmbH",
        "x\u0301y",
    ],
)
def test_a_name_is_on_paper_in_its_own_script(name: str) -> None:
    with capture_logs() as logs:
        pdf = draw_letter(_letter(name=name))

    assert name in _lines(pdf)
    assert logs == []


@pytest.mark.parametrize("name", ["A\u200b\u200bB", "Sun\u200bday क्\u200dष می\u200cخ"])
def test_what_only_says_where_lines_may_end_is_no_glyph(name: str) -> None:
    pdf = draw_letter(_letter(name=name))

    assert name.replace("\u200b", "") in _lines(pdf)


def test_several_scripts_stand_in_one_line() -> None:
    name = "Ann 東京 Ωμ Щу თბ 😀"

    assert name in _lines(draw_letter(_letter(name=name)))


def test_what_no_typeface_has_is_visible_and_named_in_the_log() -> None:
    with capture_logs() as logs:
        pdf = draw_letter(_letter(name="A \ue000\U0010fffd Ltd"))

    assert "A [U+E000][U+10FFFD] Ltd" in _lines(pdf)
    assert [(log["log_level"], log["letter"], log["code_points"]) for log in logs] == [
        ("warning", "dnt_1", ["U+E000", "U+10FFFD"])
    ]


@pytest.mark.parametrize(
    ("language", "name", "face"),
    [
        ("ja", "骨", "NotoSansCJKjp"),
        ("ko", "骨", "NotoSansCJKkr"),  # the letter is in English, its reader is not
        ("zh-TW", "骨", "NotoSansCJKtc"),
        ("zh-HK", "骨", "NotoSansCJKhk"),
        ("zh-CN", "骨", "NotoSansCJKsc"),
        ("en", "骨", "NotoSansCJKsc"),
        ("en", "骨のカード", "NotoSansCJKjp"),
        ("en", "骨한국", "NotoSansCJKkr"),
    ],
)
def test_chinese_characters_have_the_shapes_that_the_reader_knows(
    language: str, name: str, face: str
) -> None:
    faces = _faces(draw_letter(_letter(language=language, name=name)))

    assert {name.partition("-")[0] for name in faces if "CJK" in name} == {face}


def test_a_plain_letter_takes_nothing_but_the_characters_it_shows() -> None:
    pdf = draw_letter(_letter())

    assert _faces(pdf) == {"NotoSans-Regular", "NotoSans-Bold"}
    assert len(pdf) < 20_000


def test_a_letter_in_hebrew_runs_from_right_to_left() -> None:
    reader = _read(draw_letter(_letter(language="he", name="Brown & Sons")))

    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert reader.trailer["/Root"]["/Lang"] == "he"
    assert "נא לשלם" in reader.pages[0].extract_text()


def test_the_file_says_in_unicode_what_it_is_and_from_whom() -> None:
    reader = _read(draw_letter(_letter(name="Łódź 東京", sender="Ёлка")))

    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Łódź 東京: 100.00 EUR", "Ёлка")


def test_text_of_which_several_glyphs_are_one_character_is_marked_with_it() -> None:
    [page] = _read(draw_letter(_letter(name="กำ"))).pages

    contents = page.get_contents()
    assert contents is not None
    assert b"/ActualText <FEFF0E33>" in contents.get_data()


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_whatever_the_name_there_is_a_letter(name: str) -> None:
    letter = replace(_letter(), recipient=[name], subject=name, sender=name)

    assert len(_read(draw_letter(letter)).pages) >= 1


@pytest.mark.parametrize(
    ("mode", "kind", "colour", "shown"),
    [
        ("RGB", "PNG", (0, 128, 128), (0, 128, 128)),
        ("RGBA", "PNG", (0, 128, 128, 0), (255, 255, 255)),
        ("LA", "PNG", (0, 128), (127, 127, 127)),
        ("P", "PNG", 0, (0, 0, 0)),
        ("CMYK", "JPEG", (0, 0, 0, 255), (0, 0, 0)),
    ],
)
def test_a_logo_is_drawn_whatever_its_colours_are_on_white_where_it_lets_through(
    mode: str, kind: str, colour: Any, shown: tuple[int, int, int]
) -> None:
    content = BytesIO()
    Image.new(mode, (30, 10), colour).save(content, kind)
    pdf = draw_letter(_letter(), logo=content.getvalue())
    [found] = _read(pdf).pages[0].images
    assert found.image is not None and found.image.size == (30, 10)
    assert found.image.getpixel((15, 5)) == pytest.approx(shown, abs=2)
    assert pdf == draw_letter(_letter(), logo=content.getvalue())
