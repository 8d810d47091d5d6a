"""Claims about the words on statements and receipts."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from services.billing.labels.rules import LABELS
from services.billing.statement_labels.rules import STATEMENT_LABELS, StatementLabels


def test_they_are_there_in_the_languages_of_bills() -> None:
    assert STATEMENT_LABELS.keys() == LABELS.keys()


@pytest.mark.parametrize(("tag", "words"), STATEMENT_LABELS.items(), ids=STATEMENT_LABELS)
def test_each_language_has_every_word(tag: str, words: StatementLabels) -> None:
    told = astuple(words)
    assert all(word.strip() == word != "" for word in told)
    assert "{document}" in words.cancelled and "{document}" in words.enclosed
    assert "{days}" in words.overdue
    assert sum(word.count("{") for word in told) == 3
    sums = (words.opening, words.closing, words.amount, words.received)
    assert len({*sums}) == len(sums), "what stands side by side is told apart"
