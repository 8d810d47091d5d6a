"""A pack on paper has all that it says, in whatever script, and its hash on every page."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kernel.refusals import Unavailable
from services.accounts.packs import drawing
from services.accounts.packs.drawing import draw_pack

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SECTIONS: dict[str, Any] = {
    "account": {"number": "A-000017", "name": "Müller & Söhne GmbH, Łódź, Ελλάς, Москва"},
    "contacts": [],
    "last_contacts": [
        {"what": "Contacted.", "note": f"Transfer {n} is on its way."} for n in range(90)
    ],
}


def draw(sections: dict[str, Any]) -> bytes:
    facts = {"title": "A-000017 Müller & Söhne", "subtitle": "Handed over by Ada to Ben."}
    frozen_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return draw_pack(sections, **facts, sha256=SHA256, frozen_at=frozen_at)


def test_all_of_it_is_there_on_pages_that_name_the_hash() -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(draw(SECTIONS))).pages]
    assert len(pages) > 1
    assert all(SHA256 in page for page in pages)
    for words in (
        "Müller & Söhne GmbH, Łódź, Ελλάς, Москва",
        "None.",
        "Transfer 89 is",
        "Ada to Ben",
    ):
        assert any(words in page for page in pages)


@pytest.mark.parametrize("before", range(48, 56))
def test_a_heading_is_on_the_page_of_what_it_is_about(before: int) -> None:
    sections = {"last_contacts": ["Contacted."] * before, "checklist": ["Signed contract"]}
    pages = [page.extract_text() for page in PdfReader(BytesIO(draw(sections))).pages]
    assert [("Checklist" in page) for page in pages] == [("Signed" in page) for page in pages]


def test_the_same_pack_is_the_same_file() -> None:
    assert draw(SECTIONS) == draw(SECTIONS)


def test_characters_that_the_typeface_lacks_come_from_another() -> None:
    [page] = PdfReader(BytesIO(draw({"account": {"name": "株式会社"}}))).pages
    assert "株式会社" in page.extract_text().replace("\0", "")


def test_without_a_typeface_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "FOLDERS", ())
    drawing._main.cache_clear()
    with pytest.raises(Unavailable) as refused:
        draw(SECTIONS)
    assert "fonts-noto-core" in refused.value.detail
