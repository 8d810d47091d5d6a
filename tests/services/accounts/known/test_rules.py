"""Who must know an account, and what is said where they do not."""

from __future__ import annotations

from datetime import date

import pytest

from services.accounts.known.rules import missing, why_unknown


@pytest.mark.parametrize(
    ("known_by", "waited_for"),
    [
        ([], ["billing", "sales"]),
        (["sales"], ["billing"]),
        (["billing", "collections"], ["sales"]),
        (["sales", "billing"], []),
    ],
)
def test_those_that_must_know_and_have_not_said_so(
    known_by: list[str], waited_for: list[str]
) -> None:
    assert missing(known_by) == waited_for


@pytest.mark.parametrize(
    ("services", "begins"),
    [(["sales"], "Sales has not said"), (["billing", "sales"], "Billing and sales have not said")],
)
def test_the_sentence_names_them(services: list[str], begins: str) -> None:
    said = why_unknown(services, number="A-000017", opened_on=date(2026, 1, 5))
    assert said.startswith(begins)
    assert "A-000017" in said
