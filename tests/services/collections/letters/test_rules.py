"""Claims about what letters say."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
from babel.numbers import get_group_symbol
from hypothesis import given
from hypothesis import strategies as st

from services.collections.letters.rules import (
    Letter,
    Line,
    as_text,
    cells,
    compose,
    restore,
)

_TEMPLATES = {
    "en": {
        "subject": "{level_name}: {total} overdue",
        "opening": "Dear {name}, it was due on {oldest_due_date}.",
        "closing": "Account {account_number}. Pay {total}.",
    },
    "de": {
        "subject": "{level_name}: {total} überfällig",
        "opening": "An {name}, fällig am {oldest_due_date}.",
        "closing": "Konto {account_number}, {today}.",
    },
}
_LINES = [
    Line("R-1", date(2025, 12, 31), 5_000, 5_000),
    Line("R-2", date(2026, 1, 31), 123_456, 100_000),
]


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
        "lines": _LINES,
        "currency": "EUR",
        "on": date(2026, 3, 5),
        "sender": "",
        "sender_email": "collections@steward.example",
    }
    return compose(**{**facts, **differently})


def test_the_text_is_filled_with_the_accounts_facts() -> None:
    letter = _letter()

    assert letter.subject == "Final notice: 1,050.00 EUR overdue"
    assert letter.opening == "Dear Brown & Sons, it was due on 31 December 2025."
    assert letter.closing == "Account A-1001. Pay 1,050.00 EUR."
    assert letter.recipient == ["Brown & Sons", "Attn. Ann Payer"]
    assert letter.rows[1] == ["R-2", "31 January 2026", "33", "1,234.56 EUR", "1,000.00 EUR"]


@pytest.mark.parametrize(
    ("language", "written_in"),
    [("de", "de"), ("de-AT", "de"), ("fr", "en"), ("fil", "en"), ("", "en")],
)
def test_a_letter_is_in_the_accounts_language_or_else_in_english(
    language: str, written_in: str
) -> None:
    assert _letter(language=language).language == written_in


def test_a_letter_is_in_one_language_from_head_to_foot() -> None:
    text = {"subject": "{total} en retard", "opening": "{today}", "closing": "{oldest_due_date}"}

    letter = _letter(language="fr", templates={**_TEMPLATES, "fr": text})

    assert letter.subject == "1\u202f050,00 EUR en retard"
    assert letter.written_on == letter.opening == "5 mars 2026"
    assert letter.closing == letter.rows[0][1] == "31 décembre 2025"
    assert letter.columns[0] == "Facture"
    assert letter.recipient[1] == "À l’attention de Ann Payer"
    assert letter.sender == "Comptabilité clients"
    assert letter.page == "Page {page} sur {pages}"


def test_a_text_without_words_for_the_rest_of_the_letter_is_not_taken() -> None:
    text = {"subject": "{total}", "opening": "Agur", "closing": "Agur"}

    letter = _letter(language="eu", templates={**_TEMPLATES, "eu": text})

    assert (letter.language, letter.columns[0]) == ("en", "Invoice")


def test_a_text_may_bring_its_own_words_for_the_rest() -> None:
    words = "Faktura;Epemuga;Egun;Zenbatekoa;Ordaintzeko;Guztira;Kontua;Gurea;{page}/{pages};{person};Gu"
    labels = dict(zip(_LABELS, words.split(";"), strict=True))
    text = {"subject": "{total}", "opening": "Agur", "closing": "Agur", "labels": labels}

    letter = _letter(language="eu-ES", templates={**_TEMPLATES, "eu": text})

    assert letter.language == "eu"
    assert [*letter.columns, letter.total[0]] == words.split(";")[:6]
    assert letter.total[1] == "1.050,00 EUR"


_LABELS = (
    "invoice due days_overdue invoiced to_pay total account reference page attention sender".split()
)


def test_the_readers_country_has_its_own_marks_in_sums() -> None:
    mark = get_group_symbol("de_CH")
    assert _letter(language="de-CH").total == ["Summe", f"1{mark}050.00 EUR"]
    assert mark in "'’"


def test_a_value_that_runs_against_the_text_is_set_apart_from_it() -> None:
    assert _letter(name="שלום 12").opening.startswith("Dear \u2068שלום 12\u2069, it")
    assert _letter(name="Łódź 12").opening.startswith("Dear Łódź 12, it")


def test_items_stay_in_the_order_of_their_documents() -> None:
    lines = [Line(number, date(2026, 1, 1), 1, 1) for number in ("R-9", "R-100", "R-10")]

    assert [row[0] for row in _letter(lines=lines).rows] == ["R-9", "R-100", "R-10"]


@pytest.mark.parametrize(("language", "page"), [("de", "Seite {page} von {pages}"), ("eu", "Page")])
def test_a_letter_of_the_first_release_gets_its_foot_in_its_language(
    language: str, page: str
) -> None:
    stored = {**asdict(_letter()), "language": language}
    del stored["page"], stored["reader"]

    assert restore(stored).page.startswith(page)


def test_a_stored_letter_comes_back_as_it_was() -> None:
    letter = _letter(language="de-AT")

    assert restore(asdict(letter)) == letter


def test_braces_in_an_accounts_name_stay_as_they_are() -> None:
    assert _letter(name="{total} {x.__class__}").opening.startswith("Dear {total} {x.__class__},")


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20))
def test_the_total_of_a_letter_is_the_sum_of_its_lines(amounts: list[int]) -> None:
    lines = [Line("R", date(2026, 1, 1), amount, amount) for amount in amounts]

    letter = _letter(lines=lines)

    [_, total] = letter.total
    assert int("".join(filter(str.isdecimal, total))) == sum(amounts)
    assert total in as_text(letter)


def test_the_plain_text_has_every_item_in_aligned_columns() -> None:
    table = [line for line in as_text(_letter()).splitlines() if line.startswith(("R-", "Total"))]

    assert [line.split()[0] for line in table] == ["R-1", "R-2", "Total"]
    assert len({len(line) for line in table}) == 1


def test_the_columns_of_the_plain_text_are_aligned_for_wide_characters_too() -> None:
    text = {"subject": "{total}", "opening": "拝啓", "closing": "敬具"}
    letter = _letter(language="ja", templates={**_TEMPLATES, "ja": text})

    table = as_text(letter).split("\n\n")[5].splitlines()

    assert table[0].startswith("請求書番号")
    assert len({cells(line) for line in table}) == 1


def test_the_plain_text_of_a_letter_from_right_to_left_says_so_in_every_line() -> None:
    text = {"subject": "{total}", "opening": "שלום\nרב", "closing": "{total}"}
    letter = _letter(language="he", templates={**_TEMPLATES, "he": text})

    lines = [line for line in as_text(letter).splitlines() if line]

    assert all(line.startswith("\u200f") for line in lines)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("請求", 4),
        ("ｱｲ", 2),
        ("e\u0301", 1),
        ("한국", 4),
        ("שלום", 4),
        ("\u2068a\u2069", 1),
    ],
)
def test_a_text_is_as_wide_as_a_typeface_with_equal_characters_sets_it(
    text: str, width: int
) -> None:
    assert cells(text) == width


def test_a_letter_says_where_it_goes_who_writes_and_where_money_goes() -> None:
    letter = _letter(
        address=["Dept. 7", "1 Quay", "DUBLIN", "IRELAND"],
        sender_address=["Kai 1", "20457 HAMBURG"],
        bank="IBAN DE89 3704 0044 0532 0130 00",
    )

    assert letter.recipient == [
        *("Brown & Sons", "Attn. Ann Payer"),
        *("Dept. 7", "1 Quay", "DUBLIN", "IRELAND"),
    ]
    assert "DUBLIN\nIRELAND" in as_text(letter)
    assert restore(asdict(letter)) == letter
    stored = {
        name: value
        for name, value in asdict(letter).items()
        if name not in ("sender_address", "bank")
    }
    assert restore(stored) == replace(letter, sender_address=[], bank=None), "of an earlier release"
