"""Claims about ids: their form, their order, and that there are never two of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import ids
from kernel.ids import is_id, new_id, new_ids

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
PREFIXES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8)


def _value(made: str) -> int:
    """The 128 bits that an id spells."""
    value = 0
    for letter in made.rpartition("_")[2]:
        value = value * 32 + LETTERS.index(letter)
    return value


@given(PREFIXES)
def test_a_new_id_is_one_of_its_prefix_and_of_no_other(prefix: str) -> None:
    made = new_id(prefix)
    assert is_id(made, prefix)
    assert not is_id(made, prefix + "x")
    assert len(made) == len(prefix) + 27


def test_an_id_is_a_uuid_of_version_7(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_700_000_000_123_999_999)
    value = _value(new_id("inv"))

    assert value >> 128 == 0
    assert value >> 80 == 1_700_000_000_123
    assert value >> 76 & 0xF == 7
    assert value >> 62 & 0b11 == 0b10


@pytest.mark.parametrize(
    ("byte", "random"), [(0, 0), (0xFF, (1 << 74) - 1)], ids=["all zeros", "all ones"]
)
def test_all_its_other_bits_are_random(
    monkeypatch: pytest.MonkeyPatch, byte: int, random: int
) -> None:
    monkeypatch.setattr(ids.os, "urandom", lambda count: bytes([byte]) * count)
    value = _value(new_id("inv"))

    high, low = value >> 64 & 0xFFF, value & (1 << 62) - 1
    assert high << 62 | low == random
    assert (value >> 76 & 0xF, value >> 62 & 0b11) == (7, 0b10)


def test_ids_sort_by_the_moment_they_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [0, 999_999, 1_000_000, 10**15, 1_700_000_000 * 10**9, (1 << 48) * 10**6 - 1]
    made = []
    for moment in moments:
        monkeypatch.setattr(ids.time, "time_ns", lambda at=moment: at)
        monkeypatch.setattr(ids.os, "urandom", lambda count: bytes(count))
        made.append(new_id("inv"))

    assert made[0] == made[1]  # within a millisecond chance alone tells them apart
    assert made[1:] == sorted(set(made[1:]))


@given(PREFIXES, st.integers(0, 50))
def test_ids_of_things_made_at_once_sort_as_the_things_stand(prefix: str, count: int) -> None:
    made = new_ids(prefix, count)
    assert len(made) == len(set(made)) == count
    assert made == sorted(made)
    assert all(is_id(one, prefix) for one in made)


def test_there_are_never_two_of_one() -> None:
    assert len({new_id("inv") for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "inv",
        "inv_",
        "inv_01jd3v4q6ye8z9t5k2m7n0p1x",  # one character short
        "inv_01jd3v4q6ye8z9t5k2m7n0p1xww",  # one too many
        "inv_81jd3v4q6ye8z9t5k2m7n0p1xw",  # more than 128 bits
        "inv_01JD3V4Q6YE8Z9T5K2M7N0P1XW",
        "inv_01jd3v4q6ye8z9t5k2m7n0p1xi",  # i, l, o and u look like others
        "inv_01jd3v4q6ye8z9t5k2m7n0p1xl",
        "inv_01jd3v4q6ye8z9t5k2m7n0p1xo",
        "inv_01jd3v4q6ye8z9t5k2m7n0p1xu",
        "pay_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "inv01jd3v4q6ye8z9t5k2m7n0p1xw",
        " inv_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "inv_01jd3v4q6ye8z9t5k2m7n0p1xw\n",
        "inv_01jd3v4q6ye8z9t5k2m7n0p1x\u0661",
    ],
)
def test_what_has_another_form_is_no_id(text: str) -> None:
    assert not is_id(text, "inv")


def test_the_smallest_and_the_largest_are_ids() -> None:
    assert is_id("inv_" + "0" * 26, "inv")
    assert is_id("inv_7" + "z" * 25, "inv")


@pytest.mark.parametrize(("prefix", "is_one"), [("a", False), ("ab", True), ("abcdefgh", True)])
def test_a_prefix_has_2_to_8_letters(prefix: str, is_one: bool) -> None:
    assert is_id(f"{prefix}_{'0' * 26}", prefix) is is_one
    assert not is_id(f"abcdefghi_{'0' * 26}", "abcdefghi")
