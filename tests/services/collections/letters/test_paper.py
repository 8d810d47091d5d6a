"""Claims about letters on paper."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.collections.letters.paper import draw_letter
from services.collections.letters.rules import Letter


def _letter(*, rows: int = 2, name: str = "Brown & Sons", closing: str = "Please pay.") -> Letter:
    return Letter(
        reference="dnt_1",
        language="en",
        written_on="5 March 2026",
        sender="Accounts Receivable",
        sender_email="collections@steward.example",
        recipient=[name],
        facts=[["Account", "A-1001"]],
        subject=f"Reminder for {name}",
        opening="Dear Sir or Madam,",
        columns=["Invoice", "Due", "Days overdue", "Invoiced", "To pay"],
        rows=[[name, "1 March 2026", "4", "10.00 EUR", "10.00 EUR"]] * rows,
        total=["Total", "20.00 EUR"],
        closing=closing,
    )


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\n", pdf))


def test_the_same_letter_is_the_same_file() -> None:
    assert draw_letter(_letter()) == draw_letter(_letter())
    assert draw_letter(_letter()) != draw_letter(_letter(closing="Please pay today."))


@pytest.mark.parametrize(("rows", "pages"), [(1, 1), (12, 1), (100, 4)])
def test_a_long_letter_goes_on_on_the_next_page(rows: int, pages: int) -> None:
    assert _pages(draw_letter(_letter(rows=rows))) == pages


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_whatever_the_name_there_is_a_letter(name: str) -> None:
    assert draw_letter(_letter(name=name)).startswith(b"%PDF-")
