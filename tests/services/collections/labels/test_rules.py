"""Claims about the words around letters."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date

import pytest

from services.collections.labels.rules import LABELS, Labels
from stationery.languages import canonical, write_day

_PROMISED = (
    "en de fr es it nl pt pl cs sv da fi nb el tr ru uk ja zh-Hans zh-Hant ko ar he hi th".split()
)


def test_we_bring_the_words_for_many_languages() -> None:
    assert set(_PROMISED) <= set(LABELS)


@pytest.mark.parametrize(("tag", "labels"), LABELS.items(), ids=LABELS)
def test_each_language_has_every_word_and_its_own_dates(tag: str, labels: Labels) -> None:
    assert canonical(tag) == tag
    assert all(label.strip() == label != "" for label in astuple(labels))
    assert "{page}" in labels.page and "{pages}" in labels.page
    assert "{person}" in labels.attention
    assert write_day(date(2026, 3, 5), tag) != "2026-03-05"
