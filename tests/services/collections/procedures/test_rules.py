"""Claims about sound procedures."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Invalid
from services.collections.procedures.rules import check_hand_over, number_levels

_LETTER = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}


def _levels(*delays: int, letters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "name": f"After {delay}",
            "delay_days": delay,
            "channel": "preferred",
            "holds_orders": False,
            "letters": letters or {"en": _LETTER},
        }
        for delay in delays
    ]


@pytest.mark.parametrize(
    ("delays", "numbers"),
    [
        ((-3, 5, 20, 40), [0, 1, 2, 3]),
        ((5, 20), [1, 2]),
        ((0,), [1]),
        ((-3,), [0]),
        ((), []),
    ],
)
def test_the_level_before_the_due_date_is_number_0_and_the_others_count_from_1(
    delays: tuple[int, ...], numbers: list[int]
) -> None:
    assert [level["number"] for level in number_levels(_levels(*delays))] == numbers


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        (_levels(20, 5), "in order"),
        (_levels(5, 5), "in order"),
        (_levels(-5, -3), "one level"),
        (_levels(5, letters={"de": _LETTER}), "letter in en"),
        (_levels(5, letters={"en": {**_LETTER, "closing": "{iban}"}}), "{iban}"),
        (_levels(5, letters={"en": {**_LETTER, "closing": "{}"}}), "{}"),
    ],
)
def test_an_unsound_procedure_is_refused(levels: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        number_levels(levels)


@pytest.mark.parametrize(
    ("delays", "hand_over_days", "is_sound"),
    [
        ((5, 40), 60, True),
        ((5, 40), None, True),
        ((), None, True),
        ((5, 40), 40, False),
        ((), 60, False),
    ],
)
def test_the_hand_over_comes_after_the_last_letter(
    delays: tuple[int, ...], hand_over_days: int | None, is_sound: bool
) -> None:
    if is_sound:
        check_hand_over(_levels(*delays), hand_over_days)
    else:
        with pytest.raises(Invalid):
            check_hand_over(_levels(*delays), hand_over_days)
