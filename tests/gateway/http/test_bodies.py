"""Bodies: what is JSON to everybody, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from orjson import dumps

from gateway.http.bodies import parse_object
from gateway.problems import Problem

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcä"), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abcä"), JSON, max_size=5))
def test_what_is_written_is_read(value: dict[str, object]) -> None:
    assert parse_object(dumps(value)) == value


def test_no_body_is_an_empty_object() -> None:
    assert parse_object(b"") == {}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "line 1, column 2"),
        (b'{"a": 1,\n "b": }', "line 2, column 7"),
        (b'{"a": 1} x', "column 10"),
        (b"{'a': 1}", "column 2"),
        (b'{"a": 01}', "column 8"),
        (b'{"a": "\n"}', "column 8"),
        (b"[]", "JSON object"),
        (b'"text"', "JSON object"),
        (b"null", "JSON object"),
        (b" ", "column 2"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e400}', "too large"),
        (b'{"a": 9223372036854775808}', "64 bits"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "64 bits"),
        (b'{"a": 1, "a": 2}', '"a" stands twice'),
        (b'{"x": [{"a": 1, "b": 2, "a": 1}]}', '"a" stands twice'),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "column 1"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "64 levels"),
        (b'{"a":' + b"[" * 500_000, "64 levels"),
    ],
)
def test_anything_else_is_refused_with_where_it_is_wrong(body: bytes, says: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_object(body)
    assert (refused.value.status, refused.value.code) == (400, "malformed_json")
    assert says in refused.value.detail


def test_sixty_four_levels_and_a_surrogate_pair_are_fine() -> None:
    assert parse_object(b'{"a":' * 64 + b'"\\ud83d\\ude00"' + b"}" * 64)


def test_a_hundred_thousand_names_of_which_one_stands_twice_are_told_quickly() -> None:
    names = ",".join(f'"n{number}":1' for number in range(100_000))
    with pytest.raises(Problem, match='"n99999" stands twice'):
        parse_object(f'{{{names},"n99999":2}}'.encode())
