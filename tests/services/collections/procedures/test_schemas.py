"""What procedures take in."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from services.collections.procedures.schemas import NewLevel

LETTER = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}


@pytest.mark.parametrize("language", ["", "e", "eng", "EN", "e1", "en\n", "\nen", "éé"])
def test_a_letter_is_in_a_language_of_two_small_letters(language: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NewLevel().load({"name": "First", "delay_days": 5, "letters": {language: LETTER}})
    assert list(refused.value.messages_dict) == ["letters"]
