"""Tests of how sentences end."""

from __future__ import annotations

import pytest

from kernel.sentences import end_sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It is paid", "It is paid."),
        ("It is paid.", "It is paid."),
        ("Is it paid?", "Is it paid?"),
        ("Paid!", "Paid!"),
        ("And so on…", "And so on…"),
    ],
)
def test_a_sentence_is_ended_once(text: str, sentence: str) -> None:
    assert end_sentence(text) == sentence
