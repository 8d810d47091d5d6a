"""Keys: their form and their digest."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.keys import form
from kernel.ids import new_id

# The same in every process, as tests are named after it: they may run side by side.
KEY = form.format_key(
    form.Credential("key_01jd3v4q6ye8z9t5k2m7n0p1xw", "0123456789ABCDEFGHIJklmnopqr")
)


def test_a_key_says_which_it_is_and_proves_it() -> None:
    credential = form.Credential(new_id("key"), form.new_secret())
    text = form.format_key(credential)
    assert text.startswith("stw_")
    assert form.parse_key(text) == credential


def test_a_session_is_told_from_a_key_at_first_sight() -> None:
    credential = form.Credential(new_id("ses"), form.new_secret())
    text = form.format_key(credential)
    assert text.startswith("sts_")
    assert form.parse_key(text) == credential
    assert form.parse_key(text.replace("sts_", "stw_")) is None


def test_a_secret_has_at_least_160_bits() -> None:
    assert len(form.ALPHABET) ** form.SECRET_CHARACTERS > 2**160
    assert len({form.new_secret() for _ in range(1000)}) == 1000


@given(st.integers(0, len(KEY) - 1), st.sampled_from(form.ALPHABET + "_- "))
def test_one_wrong_character_is_noticed(place: int, character: str) -> None:
    changed = KEY[:place] + character + KEY[place + 1 :]
    assert changed == KEY or form.parse_key(changed) is None


@pytest.mark.parametrize(
    "text", ["", "stw_", KEY[:-1], KEY + "0", KEY.upper(), KEY + "\n", " " + KEY, KEY[4:], "ü" * 66]
)
def test_what_is_not_whole_is_no_key(text: str) -> None:
    assert form.parse_key(text) is None


def test_a_digest_needs_the_pepper() -> None:
    assert form.digest("secret", b"one") == form.digest("secret", b"one")
    assert form.digest("secret", b"one") != form.digest("secret", b"two")


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    "header", [f"Bearer {KEY}", f"bEARER  {KEY} ", basic(f"ada:{KEY}"), basic(f":{KEY}")]
)
def test_a_key_is_a_bearer_token_or_a_password(header: str) -> None:
    assert form.read_authorization(header) == form.parse_key(KEY)


@pytest.mark.parametrize(
    "header",
    [
        *(KEY, f"Basic {KEY}", f"Digest {KEY}", "Basic", "Basic !", "Basic /w==", ""),
        *(basic(KEY), basic(f"{KEY}:"), basic(f"ada:{KEY}x"), basic(f"ada: {KEY}")),
    ],
)
def test_nothing_else_is(header: str) -> None:
    assert form.read_authorization(header) is None


def test_a_session_is_no_password() -> None:
    token = form.format_key(form.Credential(new_id("ses"), form.new_secret()))
    assert form.read_authorization(basic(f"ada:{token}")) is None
    assert form.read_authorization(f"Bearer {token}") is not None
