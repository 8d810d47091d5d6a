"""An event says in words what happened."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Currency, Instant, Minor, Schema, Whole
from chassis.wire.sentences import LENGTH_MAX, say


class Part(Schema):
    """A part."""

    number = fields.String()
    currency = Currency()
    amount = Minor()


class ThingMade(AccountEvent):
    """A thing was made."""

    name = fields.String()
    pieces = Whole()
    currency = Currency()
    limit = Minor(allow_none=True)
    part = fields.Nested(Part, allow_none=True)
    tags = fields.List(fields.String())

    says = "{name}: {pieces} within {limit:no limit}, part {part.number:of none} {part.amount}; {tags}."


WHOLE: dict[str, Any] = {
    "name": "Chair",
    "pieces": 4,
    "currency": "EUR",
    "limit": 123456,
    "part": {"number": "7", "currency": "JPY", "amount": 1000},
    "tags": ["oak", "new"],
}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "Chair: 4 within 1,234.56 EUR, part 7 1,000 JPY; oak, new."),
        ({"limit": None}, "Chair: 4 within no limit, part 7 1,000 JPY; oak, new."),
        ({"part": None}, "Chair: 4 within 1,234.56 EUR, part of none none; oak, new."),
        ({"name": "{pieces}", "tags": []}, "{pieces}: 4 within 1,234.56 EUR, part 7 1,000 JPY; ."),
    ],
)
def test_values_are_said_as_people_read_them(told: dict[str, Any], sentence: str) -> None:
    assert say(ThingMade, WHOLE | told) == sentence


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-03-03T10:00:00+00:00", "2026-03-03 10:00 UTC"),
        ("2026-03-03T10:00:59.5+01:00", "2026-03-03 09:00 UTC"),
        (None, "some time"),
    ],
)
def test_a_moment_is_told_to_the_minute(at: str | None, told: str) -> None:
    class ThingPlanned(AccountEvent):
        """A thing was planned."""

        at = Instant(allow_none=True)

        says = "Planned for {at:some time}."

    assert say(ThingPlanned, {"at": at}) == f"Planned for {told}."


@pytest.mark.parametrize("end", [".", "?", "!", "…"])
def test_a_value_that_ends_a_sentence_is_not_ended_again(end: str) -> None:
    assert say(ThingMade, WHOLE | {"tags": [f"oak{end}"]}).endswith(f"1,000 JPY; oak{end}")


def test_a_sentence_has_an_end() -> None:
    sentence = say(ThingMade, WHOLE | {"name": "x" * 2 * LENGTH_MAX})
    assert len(sentence) == LENGTH_MAX
    assert sentence.endswith("x…")


def test_a_sentence_names_fields_of_its_event() -> None:
    class ThingLost(AccountEvent):
        """A thing was lost."""

        says = "{thing} lost."

    with pytest.raises(KeyError, match="thing"):
        say(ThingLost, {})
