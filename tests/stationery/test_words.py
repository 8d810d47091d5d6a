"""Claims about tables of words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from stationery.words import read_words


@dataclass(frozen=True)
class _Words:
    yes: str
    no: str


def test_a_table_is_read_by_language_and_goes_on_over_lines() -> None:
    table = "\nen: yes | no\nde: ja\n    | nein: nie\n"
    assert read_words(table, _Words) == {"en": _Words("yes", "no"), "de": _Words("ja", "nein: nie")}


def test_a_language_that_lacks_a_word_is_a_fault() -> None:
    with pytest.raises(AssertionError):
        read_words("en: yes\n", _Words)
