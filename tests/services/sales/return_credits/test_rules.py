"""Whether credit notes credit what came back."""

from __future__ import annotations

import pytest

from services.sales.return_credits import rules


@pytest.mark.parametrize(
    ("voids", "is_credited"),
    [([], True), ([False], True), ([True], False), ([True, False], True)],
)
def test_a_part_is_credited_as_long_as_one_credit_note_stands(
    voids: list[bool], is_credited: bool
) -> None:
    assert rules.is_credited(voids) is is_credited


def test_what_was_voided_is_said_with_its_number_if_that_is_known() -> None:
    assert rules.say_voided("CN-1").startswith("Credit note CN-1 was voided; ")
    assert rules.say_voided(None).startswith("Its credit note was voided; ")
