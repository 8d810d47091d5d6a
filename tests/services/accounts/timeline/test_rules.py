"""A timeline reads like a diary, whatever arrives, and knows what has not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts import events
from services.accounts.timeline.rules import SENTENCES, missing_ranges, summarise

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
FIELDS = ["amount", "balance", "credit_limit", "total", "currency", "item", "number", "reason"]


@pytest.mark.parametrize(
    ("source", "name", "data", "sentence"),
    [
        (
            "billing",
            "invoice_issued",
            {"number": "R-7", "total": 11900, "currency": "EUR"},
            "Invoice R-7 issued, 119.00 EUR.",
        ),
        (
            "billing",
            "allocation_made",
            {"amount": 500, "currency": "JPY", "item": {"invoice_number": "R-7"}},
            "500 JPY allocated to invoice R-7.",
        ),
        (
            "accounts",
            "credit_limit_changed",
            {"credit_limit": None, "currency": "EUR"},
            "Credit limit changed to no limit.",
        ),
        (
            "accounts",
            "account_edited",
            {"changed": ["name", "tier"]},
            "Account changed: name, tier.",
        ),
        ("sales", "quote_accepted", {"number": "Q-1"}, "Quote accepted."),  # not ours to know
        ("sales", "order_confirmed", {"number": "SO-1"}, "Order confirmed."),  # lacks the total
    ],
)
def test_an_event_becomes_a_sentence(
    source: str, name: str, data: dict[str, Any], sentence: str
) -> None:
    assert summarise(source, name, data) == sentence


@given(
    st.sampled_from(sorted(SENTENCES)),
    st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), json),
)
def test_no_event_is_too_strange_for_a_sentence(
    source_and_name: tuple[str, str], data: dict[str, Any]
) -> None:
    assert summarise(*source_and_name, data)


@pytest.mark.parametrize(
    "event", [one for one in vars(events).values() if getattr(one, "example", None)]
)
def test_every_event_of_our_own_has_its_sentence(event: Any) -> None:
    words = event.name.replace("_", " ").capitalize() + "."
    assert summarise("accounts", event.name, event.example) != words
    assert ("accounts", event.name) in SENTENCES


@pytest.mark.parametrize(
    ("sequences", "gaps"),
    [
        ([], []),
        ([1, 2, 3], []),
        ([3, 1, 2, 2], []),
        ([2], [(1, 1)]),
        ([1, 4, 5, 9], [(2, 3), (6, 8)]),
    ],
)
def test_gaps_are_what_lies_below_the_highest(
    sequences: list[int], gaps: list[tuple[int, int]]
) -> None:
    assert missing_ranges(sequences) == gaps


@given(st.sets(st.integers(1, 60)))
def test_what_is_there_and_what_is_missing_make_the_whole(sequences: set[int]) -> None:
    missing = {
        number
        for first, last in missing_ranges(list(sequences))
        for number in range(first, last + 1)
    }
    assert missing.isdisjoint(sequences)
    assert missing | sequences == set(range(1, max(sequences, default=0) + 1))
