"""Names are compared and found the way people type them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.text import fold
from services.accounts.directory.rules import (
    LIKENESS_MIN,
    count_mistyped,
    likeness,
    name_key,
    prefix_query,
    search_words,
    tax_id_key,
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Müller & Söhne GmbH", "muller sohne"),
        ("Mueller Soehne", "muller sohne"),
        ("Straßenbau A.G.", "strassenbau"),
        ("O'Neil Ltd.", "oneil"),
        ("ÉLAN S.à r.l.", "elan"),
        ("Acme.com, Inc.", "acmecom"),
        ("Limited", "limited"),  # a name is never left with no word
        ("株式会社 山田", "株式会社 山田"),
    ],
)
def test_spellings_of_one_name_share_a_key(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("tax_id", "key"),
    [("de 123-456.789", "DE123456789"), ("", None), (None, None), (" - ", None)],
)
def test_a_tax_id_is_its_letters_and_digits(tax_id: str | None, key: str | None) -> None:
    assert tax_id_key(tax_id) == key


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("acme trading", "acme trading", True),
        ("acme trading", "trading acme", True),
        ("jon smith consulting", "john smith consulting", True),
        ("acme trading", "acme tradng", True),
        ("acme trading", "zenith foods", False),
        ("smith bakery", "smith motors", False),
    ],
)
def test_names_alike_enough_are_worth_a_look(one: str, other: str, is_alike: bool) -> None:
    assert (likeness(one, other) >= LIKENESS_MIN) == is_alike


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_mutual_bounded_and_whole_for_the_same(one: str, other: str) -> None:
    one, other = fold(one), fold(other)
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100
    assert likeness(one, one) == (100 if one else 0)


def test_search_words_are_what_people_type() -> None:
    words = search_words(
        name="Müller & Söhne GmbH", number="A-000017", email="Jo@Mueller.example", tax_id="DE 12"
    )
    assert " ".join(words) == (
        "000017 a a-000017 de12 gmbh jo@mueller.example mueller.example muller sohne"
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("acme", "(('acme':*)) | 'acme':*"),
        ("Mül söh", "(('mül':* | ('mul':*)) & ('söh':* | ('soh':*))) | 'mülsöh':*"),
        ("A-0000", "(('a-0000':* | ('a' & '0000':*))) | 'a0000':*"),
        ("it's", "(('it''s':* | ('its':*))) | 'its':*"),
        ("a & b", "(('a':*) & ('b':*)) | 'ab':*"),
        ("&", "(('&':*)) | '&':*"),
    ],
)
def test_each_word_begins_one_of_the_search_words(text: str, query: str) -> None:
    assert prefix_query(text) == query


@pytest.mark.parametrize(
    ("typed", "key", "count"),
    [
        ("zenith", "zenith foods", 0),
        ("zen foo", "zenith foods", 0),
        ("zanith", "zenith foods", 1),  # another letter
        ("zenth", "zenith foods", 1),  # one too few
        ("zennith", "zenith foods", 1),  # one too many
        ("zentih", "zenith foods", 1),  # two exchanged
        ("zentih fodos", "zenith foods", 2),
        ("foods zanith", "zenith foods", 1),
        ("zantih", "zenith foods", None),  # two letters of six
        ("consultnig", "john smith consulting", 1),
        ("conslutinng", "john smith consulting", 2),
        ("smyth", "smithers", None),
        ("jon", "john smith", None),  # a short word is typed as it is
        ("jo smyth", "john smith", 1),
        ("zenith quartz", "zenith foods", None),
        ("", "zenith foods", None),
        ("zenith", "", None),
    ],
)
def test_a_name_may_be_meant_although_a_letter_or_two_are_mistyped(
    typed: str, key: str, count: int | None
) -> None:
    assert count_mistyped(typed, key) == count


@cache
def least_mistyped(typed: str, word: str) -> int:
    """By its definition, letter by letter from the end."""
    if not typed or not word:
        return len(typed) + len(word)
    ways = [
        least_mistyped(typed[:-1], word) + 1,
        least_mistyped(typed, word[:-1]) + 1,
        least_mistyped(typed[:-1], word[:-1]) + (typed[-1] != word[-1]),
    ]
    if typed[-2:] == word[-2:][::-1] and len(typed) > 1:
        ways.append(least_mistyped(typed[:-2], word[:-2]) + 1)
    return min(ways)


@given(st.text("ab", min_size=1, max_size=8), st.text("abc", min_size=1, max_size=8))
@settings(max_examples=50)
def test_mistyped_letters_are_counted_up_to_the_most_there_may_be(typed: str, word: str) -> None:
    least = 0 if word.startswith(typed) else least_mistyped(typed, word)
    most = 2 if len(typed) >= 8 else 1 if len(typed) >= 4 else 0
    assert count_mistyped(typed, word) == (least if least <= most else None)


@given(st.text("abc ", max_size=20), st.text("abc ", max_size=20))
def test_what_is_typed_as_it_is_has_no_mistakes(key: str, typed: str) -> None:
    assert count_mistyped(key, key) == (0 if key.split() else None)
    assert (count_mistyped(typed, key) == 0) == (
        bool(typed.split())
        and all(any(word.startswith(one) for word in key.split()) for one in typed.split())
    )
