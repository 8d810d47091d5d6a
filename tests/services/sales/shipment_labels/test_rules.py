"""The words on pick lists and delivery notes."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from services.sales.shipment_labels.rules import LABELS, choose_labels


@pytest.mark.parametrize("tag", sorted(LABELS))
def test_every_language_has_every_word(tag: str) -> None:
    words = asdict(LABELS[tag])
    assert all(words.values())
    assert "{page}" in words["page"]
    assert "{pages}" in words["page"]


@pytest.mark.parametrize(
    ("language", "tag", "title"),
    [
        ("de-AT", "de", "Lieferschein"),
        ("no", "nb", "Følgeseddel"),
        ("en", "en", "Delivery note"),
        ("cy", "en", "Delivery note"),
    ],
)
def test_a_client_reads_their_language_or_english(language: str, tag: str, title: str) -> None:
    chosen, labels = choose_labels(language)
    assert (chosen, labels.delivery_note) == (tag, title)
