"""Text is found however it is spelt: case, accents, umlauts, width and punctuation do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.text import fold

LETTERS = "aeoubAEOÄÖÜäöüßåøæœłđıİçñ .'-Дйё"


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (["Müller", "MÜLLER", "Mueller", "muller", "MUELLER", "Mu\u0308ller"], "muller"),
        (["Söhne", "Soehne", "sohne", "SÖHNE"], "sohne"),
        (["Bär", "Baer", "bar"], "bar"),
        (["Straße", "STRASSE", "strasse", "STRAẞE"], "strasse"),
        (["Håkon", "Haakon", "hakon"], "hakon"),
        (["Sørensen", "Soerensen", "Sorensen"], "sorensen"),
        (["Æbler", "Aebler", "abler"], "abler"),
        (["Ǣ", "ae", "a"], "a"),
        (["Cœur", "Coeur", "COEUR"], "cour"),
        (["Łódź", "lodz"], "lodz"),
        (["Đorđević", "dordevic"], "dordevic"),
        (["Işık", "isik", "IŞIK"], "isik"),
        (["İstanbul", "istanbul", "ISTANBUL"], "istanbul"),
        (["Brașov", "Braşov", "brasov"], "brasov"),
        (["Þór", "Thor"], "thor"),
        (["ＡＣＭＥ　１２", "Acme 12"], "acme 12"),
        (["Йод", "йод", "ИОД"], "иод"),
        (["Ёлка", "елка"], "елка"),
        (["Άλφα", "ΑΛΦΑ", "αλφα"], "αλφα"),
        (["ΟΔΟΣ", "οδος", "Οδός"], "οδοσ"),
        (["Müller & Söhne G.m.b.H.", "mueller   soehne gmbh"], "muller sohne gmbh"),
        (["O'Neil", "O’Neil", "ONEIL"], "oneil"),
        (["株式会社　山田"], "株式会社 山田"),
        (["ガス", "ｶﾞｽ"], "ガス"),
        (["हिन्दी"], "हिन्दी"),
        (["한국"], "한국"),
        (["", "&", " - "], ""),
    ],
)
def test_spellings_of_one_text_are_folded_alike(spellings: list[str], folded: str) -> None:
    assert {spelling: fold(spelling) for spelling in spellings} == dict.fromkeys(spellings, folded)


@given(st.text() | st.text(LETTERS))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(LETTERS), st.text(LETTERS))
def test_the_beginning_of_a_text_is_folded_to_the_beginning_of_what_it_is_folded_to(
    beginning: str, rest: str
) -> None:
    assert fold(beginning + rest).startswith(fold(beginning))
