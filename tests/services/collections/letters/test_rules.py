"""Claims about what letters say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.money import Money
from services.collections.letters.rules import (
    LABELS,
    Letter,
    Line,
    as_text,
    compose,
    in_latin,
    write_day,
    write_money,
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
    Line("R-2", date(2026, 1, 31), 123_456, 100_000),
    Line("R-1", date(2025, 12, 31), 5_000, 5_000),
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
        "lines": _LINES,
        "currency": "EUR",
        "on": date(2026, 3, 5),
        "sender": "",
        "sender_email": "collections@steward.example",
    }
    return compose(**{**facts, **differently})


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(123_450, "EUR"), "en", "1,234.50 EUR"),
        (Money(123_450, "EUR"), "de", "1.234,50 EUR"),
        (Money(1_234_567, "JPY"), "en", "1,234,567 JPY"),
        (Money(1_234_567, "KWD"), "de", "1.234,567 KWD"),
        (Money(5, "EUR"), "de", "0,05 EUR"),
    ],
)
def test_amounts_are_written_as_the_language_writes_them(
    money: Money, language: str, text: str
) -> None:
    assert write_money(money, LABELS[language]) == text


@pytest.mark.parametrize(("language", "text"), [("en", "5 March 2026"), ("de", "5. März 2026")])
def test_days_are_written_as_the_language_writes_them(language: str, text: str) -> None:
    assert write_day(date(2026, 3, 5), LABELS[language]) == text


def test_the_text_is_filled_with_the_accounts_facts() -> None:
    letter = _letter()

    assert letter.subject == "Final notice: 1,050.00 EUR overdue"
    assert letter.opening == "Dear Brown & Sons, it was due on 31 December 2025."
    assert letter.closing == "Account A-1001. Pay 1,050.00 EUR."
    assert letter.recipient == ["Brown & Sons", "Attn. Ann Payer"]
    assert letter.rows[0] == ["R-2", "31 January 2026", "33", "1,234.56 EUR", "1,000.00 EUR"]


@pytest.mark.parametrize(
    ("language", "written_in"), [("de", "de"), ("de-AT", "de"), ("fr", "en"), ("", "en")]
)
def test_a_letter_is_in_the_accounts_language_or_else_in_english(
    language: str, written_in: str
) -> None:
    assert _letter(language=language).language == written_in


def test_a_language_whose_words_we_do_not_have_still_gets_its_own_text() -> None:
    letter = _letter(language="fr", templates={**_TEMPLATES, "fr": _TEMPLATES["de"]})

    assert letter.opening.startswith("An Brown")
    assert letter.columns[0] == "Invoice"


def test_braces_in_an_accounts_name_stay_as_they_are() -> None:
    assert _letter(name="{total} {x.__class__}").opening.startswith("Dear {total} {x.__class__},")


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20))
def test_the_total_of_a_letter_is_the_sum_of_its_lines(amounts: list[int]) -> None:
    lines = [Line("R", date(2026, 1, 1), amount, amount) for amount in amounts]

    letter = _letter(lines=lines)

    total = write_money(Money(sum(amounts), "EUR"), LABELS["en"])
    assert letter.total == ["Total", total]
    assert total in as_text(letter)


def test_the_plain_text_has_every_item_in_aligned_columns() -> None:
    table = [line for line in as_text(_letter()).splitlines() if line.startswith(("R-", "Total"))]

    assert [line.split()[0] for line in table] == ["R-2", "R-1", "Total"]
    assert len({len(line) for line in table}) == 1


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Müller & Söhne", "Müller & Söhne"),
        ("Łódź Škoda Ősz", "Lódz Skoda Osz"),
        ("5 € – „so“", '5 EUR - "so"'),
        ("Щукин Ёлка", "Shchukin Yelka".replace("Ye", "Yo")),
        ("Ωμέγα", "Omega"),
        ("東京", "??"),
        ("e\u0301", "e"),
    ],
)
def test_letters_that_the_paper_font_lacks_are_spelt_in_latin(text: str, latin: str) -> None:
    assert in_latin(text) == latin


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_printed(text: str) -> None:
    in_latin(text).encode("latin-1")
