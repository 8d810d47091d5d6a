"""A pack is one text and its hash, and reads well line by line."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from services.accounts.accounts.rules import Tier
from services.accounts.packs.rules import Line, freeze, heading, lines_of, plain

PLAIN = st.recursive(
    st.none() | st.text(max_size=20) | st.integers(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T09:00:00+00:00"),
        (Money(1250, "EUR"), "12.50 EUR"),
        (Tier.KEY, "key"),
        ([Tier.KEY, None, 3], ["key", None, 3]),
        ({"a": (1, "b")}, {"a": [1, "b"]}),
    ],
)
def test_values_are_as_people_and_programs_read_them(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(AssertionError):
        plain(1.5)


@given(st.dictionaries(st.sampled_from(["account", "terms", "contacts"]), PLAIN))
def test_the_hash_is_that_of_the_answer_without_spaces(sections: dict[str, object]) -> None:
    pack = freeze(sections)
    assert json.loads(pack.text) == sections
    sent = orjson.dumps(json.loads(pack.text))
    assert hashlib.sha256(sent).hexdigest() == pack.sha256


def test_a_section_is_told_line_by_line() -> None:
    value = plain(
        {
            "number": "A-1",
            "tax_id": None,
            "roles": ["payer", "disputes"],
            "packed": datetime(2026, 3, 2, 9, 5, tzinfo=UTC),
            "address": {"city": "Hamburg"},
            "contacts": [{"name": "Jutta", "phone": None, "roles": ["payer"]}],
        }
    )
    assert lines_of(value) == [
        Line(0, "Number", "A-1"),
        Line(0, "Roles", "payer, disputes"),
        Line(0, "Packed", "2026-03-02 09:05 UTC"),
        Line(0, "Address", ""),
        Line(1, "City", "Hamburg"),
        Line(0, "Contacts", ""),
        Line(1, "•", "Name: Jutta · Roles: payer"),
    ]
    assert heading("reasons_to_contact") == "Reasons to contact"


@given(PLAIN)
def test_every_value_can_be_told(value: object) -> None:
    assert lines_of(value) or value == {} or isinstance(value, dict)  # type: ignore[arg-type]


def test_what_was_written_in_paragraphs_is_one_of_a_list_on_paper() -> None:
    [line] = lines_of([{"by": "Ada", "note": "Call early.\n\nBe friendly."}])
    assert line.text == "By: Ada · Note: Call early. Be friendly."
