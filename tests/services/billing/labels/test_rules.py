"""Claims about the words on documents."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from services.billing.labels.rules import LABELS, Labels, choose_labels
from stationery.languages import canonical

_PROMISED = (
    "en de fr es it nl pt pl cs sk hu ro sv da fi nb el tr ru uk bg ja zh-Hans zh-Hant ko ar he hi "
    "th"
).split()


def test_we_bring_the_words_for_the_languages_that_letters_know() -> None:
    assert set(LABELS) == set(_PROMISED)


@pytest.mark.parametrize(("tag", "labels"), LABELS.items(), ids=LABELS)
def test_each_language_has_every_word(tag: str, labels: Labels) -> None:
    assert canonical(tag) == tag
    assert all(label.strip() == label != "" for label in astuple(labels))
    assert "{page}" in labels.page and "{pages}" in labels.page
    assert "{percent}" in labels.tax_on and "{net}" in labels.tax_on
    assert "{document}" in labels.enclosed and "{document}" in labels.billed_ahead
    braces = sum(label.count("{") for label in astuple(labels))
    assert braces == 6, "a word holds what is filled in, and nothing else"


@pytest.mark.parametrize(
    ("reader", "tag"), [("de-AT", "de"), ("zh-TW", "zh-Hant"), ("no", "nb"), ("tlh", "en")]
)
def test_a_reader_gets_the_language_that_fits_best(reader: str, tag: str) -> None:
    assert choose_labels(reader) == (tag, LABELS[tag])
