"""Claims about sound procedures."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Invalid
from services.collections.procedures.rules import number_levels, require_hand_over

_LETTER = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}
_LABELS = {
    **dict.fromkeys(
        "invoice due days_overdue invoiced to_pay total account reference".split(), "x"
    ),
    "page": "{page}/{pages}",
    "attention": "{person}",
    "sender": "Gu",
}


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


def _with_labels(**differently: str) -> dict[str, Any]:
    return {"en": _LETTER, "eu": {**_LETTER, "labels": {**_LABELS, **differently}}}


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
        (_levels(5, letters={"en": _LETTER, "english": _LETTER}), "not a language tag"),
        (
            _levels(5, letters={"en": _LETTER, "de-AT": _LETTER, "de-at": _LETTER}),
            "two letters in de-AT",
        ),
        (
            _levels(5, letters={"en": _LETTER, "eu": _LETTER}),
            "needs `labels`.*we bring them for ar, ",
        ),
        (_levels(5, letters=_with_labels(page="{page}")), "`page` in eu.* needs {pages}"),
        (_levels(5, letters=_with_labels(attention="Attn.")), "`attention` in eu.* needs {person}"),
    ],
)
def test_an_unsound_procedure_is_refused(levels: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        number_levels(levels)


@pytest.mark.parametrize(
    ("given", "stored"),
    [("de", "de"), ("DE-at", "de-AT"), ("zh-hant-tw", "zh-Hant-TW"), ("iw", "he"), ("fil", None)],
)
def test_a_letter_is_kept_under_the_proper_tag_of_its_language(
    given: str, stored: str | None
) -> None:
    text = {**_LETTER, "labels": _LABELS} if stored is None else _LETTER

    [level] = number_levels(_levels(5, letters={"en": _LETTER, given: text}))

    assert set(level["letters"]) == {"en", stored or given}


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
        require_hand_over(_levels(*delays), hand_over_days)
    else:
        with pytest.raises(Invalid):
            require_hand_over(_levels(*delays), hand_over_days)
