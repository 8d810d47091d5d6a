"""Claims about what comes in about procedures."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.collections.labels.rules import LABELS
from services.collections.procedures.schemas import LetterLabels, NewProcedure

_TEXT = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}
_LABELS = dict.fromkeys(LetterLabels().fields, "x")


def _procedure(letters: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Ours", "levels": [{"name": "First", "delay_days": 5, "letters": letters}]}


def test_a_text_may_bring_the_words_around_it() -> None:
    letters = {"en": _TEXT, "zh-Hant-TW": _TEXT, "eu": {**_TEXT, "labels": _LABELS}}

    [level] = NewProcedure().load(_procedure(letters))["levels"]

    assert level["letters"] == letters


def test_two_spellings_of_one_language_do_not_become_one_text_unseen() -> None:
    letters = {"en": _TEXT, "zh-Hant": _TEXT, "zh-hant": _TEXT}

    [level] = NewProcedure().load(_procedure(letters))["levels"]

    assert level["letters"] == letters  # and is refused by the rules, which name the language


def test_the_words_are_those_that_we_bring_for_other_languages() -> None:
    assert list(_LABELS) == list(type(LABELS["en"]).__dataclass_fields__)


@pytest.mark.parametrize(
    "letters",
    [
        {"en": {**_TEXT, "labels": {**_LABELS, "page": ""}}},
        {"en": {**_TEXT, "labels": {"page": "{page}/{pages}"}}},
        {"e" * 36: _TEXT},
    ],
)
def test_words_that_are_missing_or_empty_are_refused(letters: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewProcedure().load(_procedure(letters))
